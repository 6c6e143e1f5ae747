"""The cloud's side of a contact: each section on its own, so that a bad one holds up nothing else."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.conf import settings

from edgeshop.fleet.classes import GRADES
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import issue_epoch
from edgeshop.fleet.services.verify import Heard
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


def answer(heard: Heard, message: dict[str, Any]) -> Told | None:
    """What the cloud says to a kiosk's message; None when there is nothing to say.

    Who is not believed, or speaks from long ago, has its facts taken and hears what comes first, nothing else.
    Effect: facts are kept and applied before anything is collected, so an outcome can ride home on the same contact.
    """
    asked = message["sections"]
    _note_grade(heard.kiosk, message.get("grade"))
    told: Told = {}
    failed: Failed = {}
    _answer_sections(heard.kiosk.pk, asked, told, failed, comes_first=True)
    if "facts" in asked:
        _guard("facts", failed, lambda: told.update(facts=_take_facts(heard, asked["facts"])))
    if heard.distrust is not None:
        failed["identity"] = {"code": heard.distrust.code, "message": heard.distrust.message, "fields": {}}
    elif heard.is_fresh:
        _tell(heard.kiosk, asked, told, failed)
    if failed:
        told["failed"] = failed
    return {"sections": told} if told else None


def _note_grade(kiosk: Kiosk, grade: object) -> None:
    if grade in GRADES and grade != kiosk.link_grade:
        Kiosk.objects.filter(pk=kiosk.pk).update(link_grade=grade)


def _answer_sections(kiosk_id: int, asked: dict[str, Any], told: Told, failed: Failed, *, comes_first: bool) -> None:
    for section in contact.sections():
        if section.comes_first == comes_first:
            _guard(section.name, failed, partial(_answer_section, section, kiosk_id, asked, told))


def _tell(kiosk: Kiosk, asked: dict[str, Any], told: Told, failed: Failed) -> None:
    _answer_sections(kiosk.pk, asked, told, failed, comes_first=False)
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


def _take_facts(heard: Heard, batch: dict[str, Any]) -> dict[str, Any]:
    epoch, ended = int(batch["epoch"]), heard.device.last_epoch
    if heard.distrust is not None and ended is not None and epoch > ended:
        raise heard.distrust  # that epoch's journal is another device's
    done = receive(
        device_id=heard.kiosk.pk,
        epoch=epoch,
        first_seq=int(batch["first"]),
        kinds=batch["kinds"],
        bodies=batch["bodies"],
        head=batch["head"],
        distrust=heard.distrust,
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
