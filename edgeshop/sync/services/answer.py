"""The cloud's side of a contact: each section on its own, so that a bad one holds up nothing else."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.conf import settings

from edgeshop.fleet.errors import KioskRevoked
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import issue_epoch
from edgeshop.journal import contact
from edgeshop.journal.errors import ChainFork
from edgeshop.journal.registry import prefixes
from edgeshop.journal.services import page, receive, sequence
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.errors import SectionFailed

log = logging.getLogger(__name__)
Told = dict[str, Any]
Failed = dict[str, dict[str, Any]]
_OWN_STREAMS = {"stock", "orders"}  # one of each per kiosk


def answer(kiosk: Kiosk, message: dict[str, Any]) -> Told | None:
    """What the cloud says to a kiosk's message; None when there is nothing to say.

    Effect: facts are kept and applied before anything is collected, so an outcome can ride home on the same contact.
    """
    asked = message["sections"]
    told: Told = {}
    failed: Failed = {}
    distrust = None if kiosk.revoked_at is None else KioskRevoked("This kiosk is not believed any more.")
    if "facts" in asked:
        _guard("facts", failed, lambda: told.update(facts=_take_facts(kiosk, asked["facts"], distrust)))
    if distrust is None:
        _tell(kiosk, asked, told, failed)
    else:
        failed["identity"] = {"code": distrust.code, "message": distrust.message, "fields": {}}
    if failed:
        told["failed"] = failed
    return {"sections": told} if told else None


def _tell(kiosk: Kiosk, asked: dict[str, Any], told: Told, failed: Failed) -> None:
    for section in contact.sections():
        _guard(section.name, failed, partial(_answer_section, section, kiosk.pk, asked, told))
    if failed.get("facts", {}).get("code") == ChainFork.code and "epoch" not in told.get("identity", {}):
        epoch = int(asked["facts"]["epoch"])
        told["identity"] = {"epoch": issue_epoch(kiosk.pk, above=epoch)}  # a copied disk goes on as a new writer
    if "cursors" in asked:
        _guard("pages", failed, lambda: _put_pages(told, *_pages(kiosk.pk, asked["cursors"])))


def _answer_section(section: contact.ContactSection, kiosk_id: int, asked: dict[str, Any], told: Told) -> None:
    said = section.answer(kiosk_id, asked.get(section.name))
    if said is not None:
        told[section.name] = said


def _put_pages(told: Told, pages: list[dict[str, Any]], more: bool) -> None:
    if pages:
        told["pages"], told["more"] = pages, more


def _guard(name: str, failed: Failed, work: Callable[[], None]) -> None:
    try:
        work()
    except EdgeShopError as error:
        failed[name] = {"code": error.code, "message": error.message, "fields": error.fields}
    except Exception:
        log.exception("section %s of a contact failed", name)
        said = SectionFailed("The cloud could not handle this part; it is logged.")
        failed[name] = {"code": said.code, "message": said.message, "fields": {}}


def _take_facts(kiosk: Kiosk, batch: dict[str, Any], distrust: EdgeShopError | None) -> dict[str, Any]:
    done = receive(
        device_id=kiosk.pk,
        epoch=int(batch["epoch"]),
        first_seq=int(batch["first"]),
        kinds=batch["kinds"],
        bodies=batch["bodies"],
        head=batch["head"],
        distrust=distrust,
    )
    notable = [[seq, o.status, o.reasons] for seq, o in done.outcomes if o.status != "settled"]
    return {"epoch": batch["epoch"], "acked_seq": done.acked_seq, "outcomes": notable}


def _pages(kiosk_id: int, cursors: dict[str, list[int] | None]) -> tuple[list[dict[str, Any]], bool]:
    """At most `page_rows_max` rows over all streams, and whether more waits; need comes in order of registration.

    A kiosk that could not apply a stream's page says None for its cursor: the others are not held up by it.
    """
    sequence()
    left = settings.EDGESHOP.sync.page_rows_max
    pages: list[dict[str, Any]] = []
    for prefix in prefixes():
        name = f"{prefix}/{kiosk_id}" if prefix in _OWN_STREAMS else prefix
        cursor = cursors.get(name, [0, 0])
        if cursor is None:
            continue
        found = page(stream=name, epoch=cursor[0], seq=cursor[1], limit=max(left, 1))
        if found is None:
            continue
        if left <= 0:
            return pages, True
        left -= len(found.rows) + len(found.gone)
        pages.append(asdict(found))
    return pages, any(told["more"] for told in pages)
