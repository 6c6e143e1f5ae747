"""The cloud's side of a contact: each section on its own, so that a bad one holds up nothing else."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import Reply, issue_epoch
from edgeshop.fleet.services.verify import Heard
from edgeshop.journal import contact
from edgeshop.journal.errors import ChainFork
from edgeshop.journal.registry import Writer, prefixes
from edgeshop.journal.services import Page, heard_since, page, receive, sequence, streams_named, unpack_facts
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.errors import SectionFailed
from edgeshop.sync.services import bundles, names
from edgeshop.sync.services.bundle_files import are_kept
from edgeshop.sync.services.feed import pack_pages
from edgeshop.sync.services.memory import recall
from edgeshop.sync.services.promises import Link, link_of, note_link
from edgeshop.sync.services.wire import Batch, Message, pack_answer, unpack_message

log = logging.getLogger(__name__)
Told = dict[str, Any]
Failed = dict[str, dict[str, Any]]


def reply(heard: Heard, data: bytes) -> Reply:
    """The cloud's answer to the bytes of a kiosk's message. Raises: Malformed, Forgotten.

    That facts have come, and nothing else, is said in a header: an answer without a body needs no digest of one.
    """
    told = answer(heard, unpack_message(data))
    if told is None:
        return Reply()
    facts = told.get("facts", {})
    if set(told) == {"facts"} and not facts["unsettled"]:
        return Reply(ack=str(facts["acked_seq"]))
    return Reply(pack_answer(told))


def answer(heard: Heard, message: Message) -> Told | None:
    """What the cloud says to a kiosk's message; None when there is nothing to say.

    Who is not believed, or speaks from long ago, has its facts taken and hears what comes first, nothing else.
    Raises: Forgotten, Malformed; nothing is taken then.
    Effect: facts are kept and applied before anything is collected, so an outcome can ride home on the same contact.
    """
    asked = recall(heard.device.pk, message)
    link = link_of(heard.kiosk, message.grade)
    note_link(heard.kiosk, link)
    told: Told = {}
    failed: Failed = {}
    _answer_sections(heard.kiosk.pk, asked, told, failed, comes_first=True)
    facts = message.facts
    if facts is not None:
        _guard("facts", failed, lambda: told.update(facts=_take_facts(heard, facts)))
    if heard.distrust is not None:
        failed["identity"] = {"code": heard.distrust.code, "message": heard.distrust.message, "fields": {}}
    elif heard.is_fresh:
        _tell(heard.kiosk, asked, facts, told, failed, link)
    if failed:
        told["failed"] = failed
    return told or None


def _answer_sections(kiosk_id: int, asked: dict[str, Any], told: Told, failed: Failed, *, comes_first: bool) -> None:
    for section in contact.sections():
        if section.comes_first == comes_first:
            _guard(section.name, failed, partial(_answer_section, section, kiosk_id, asked, told))


def _tell(kiosk: Kiosk, asked: dict[str, Any], facts: Batch | None, told: Told, failed: Failed, link: Link) -> None:
    _answer_sections(kiosk.pk, asked, told, failed, comes_first=False)
    is_forked = failed.get("facts", {}).get("code") == ChainFork.code
    if facts and is_forked and "epoch" not in told.get("identity", {}):
        # a copied disk goes on as a new writer
        told["identity"] = {"epoch": issue_epoch(kiosk.pk, above=facts.epoch)}
    if "cursors" in asked:
        _guard("pages", failed, lambda: _put_news(told, kiosk, asked, link))


def _answer_section(section: contact.ContactSection, kiosk_id: int, asked: dict[str, Any], told: Told) -> None:
    said = section.answer(kiosk_id, asked.get(section.name))
    if said is not None:
        told[section.name] = said


def _put_news(told: Told, kiosk: Kiosk, asked: dict[str, Any], link: Link) -> None:
    """Pages of what has changed; to a kiosk that has nothing yet, the names of the files to begin with.

    Those streams wait until it has their files. What changes meanwhile comes in pages, from where the files end, so
    others are offered only when one of those that it fetches is not here any more.
    """
    sequence()
    cursors, fetching = asked["cursors"], asked.get("bundles")
    is_begun = cursors.get(bundles.SHARED[0], [0, 0]) != [0, 0]
    is_new = not is_begun and (bool(fetching) or bundles.is_worth_it())
    if is_new:
        cursors = cursors | dict.fromkeys(bundles.streams_of(kiosk.pk))
    if (is_new and not fetching) or (fetching and not are_kept(fetching)):
        offered = bundles.offer(kiosk, has_core=is_begun)
        told["bundles"] = [[bundle.group, bundle.name, bundle.size] for bundle in offered]
    pages, more = _pages(kiosk.pk, cursors, link)
    if pages:
        told["pages"], told["more"] = pack_pages(pages), more


def _guard(name: str, failed: Failed, work: Callable[[], None]) -> None:
    try:
        work()
    except EdgeShopError as error:
        failed[name] = {"code": error.code, "message": error.message, "fields": error.fields}
    except Exception:
        log.exception("section %s of a contact failed", name)
        said = SectionFailed("The cloud could not handle this part; it is logged.")
        failed[name] = {"code": said.code, "message": said.message, "fields": {}}


def _take_facts(heard: Heard, batch: Batch) -> dict[str, Any]:
    epoch, ended = batch.epoch, heard.device.last_epoch
    if heard.distrust is not None and ended is not None and epoch > ended:
        raise heard.distrust  # that epoch's journal is another device's
    facts = unpack_facts(batch.packed, writer=Writer(heard.kiosk.pk, epoch), names=names.FACTS)
    done = receive(
        device_id=heard.kiosk.pk,
        epoch=epoch,
        first_seq=batch.first,
        kinds=[kind for kind, _ in facts],
        bodies=[body for _, body in facts],
        head=batch.head,
        distrust=heard.distrust,
    )
    return {"epoch": epoch, "acked_seq": done.acked_seq, "unsettled": done.unsettled}


def _pages(kiosk_id: int, cursors: dict[str, list[int] | None], link: Link) -> tuple[list[Page], bool]:
    """As many rows over all streams as the link's grade carries, and whether more waits; need comes in order of
    registration. A row that brings little counts little. What the kiosk's table does not ask for yet waits for a later
    contact.

    A kiosk that could not apply a stream's page says None for its cursor: the others are not held up by it.
    """
    kiosk = Kiosk.objects.only("epoch", "shop_id").get(pk=kiosk_id)  # it may have a new life since it was heard
    left = link.terms.page_rows
    pages: list[Page] = []
    streams = [f"{prefix}/{kiosk_id}" if prefix in names.OWN_STREAMS else prefix for prefix in prefixes()]
    states = streams_named(streams)
    reader = {"life": kiosk.epoch, "audience": kiosk.shop_id}
    since = partial(heard_since, device_id=kiosk_id, epoch=kiosk.epoch)
    for name in streams:
        cursor, prefix = cursors.get(name, [0, 0]), name.partition("/")[0]
        if cursor is None or not link.terms.carries(prefix):
            continue
        epoch, seq = cursor
        found = page(stream=name, epoch=epoch, seq=seq, limit=max(left, 1), states=states, since=since, **reader)
        if found is None or not link.is_worth(prefix, found):
            continue
        if left <= 0:
            return pages, True
        left -= found.size
        pages.append(found)
    return pages, any(page.more for page in pages)
