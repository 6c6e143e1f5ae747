"""The kiosk's side of a contact: facts up in batches, pages down, until neither side has more to say."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from edgeshop.fleet.errors import CloudRefused, CloudUnreachable
from edgeshop.fleet.queries import this_kiosk_id
from edgeshop.fleet.services import CloudClient
from edgeshop.journal import contact
from edgeshop.journal.errors import FactsUnreadable
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.registry import Writer
from edgeshop.journal.services import Page, acknowledge, apply_page, cursors, pack_facts, unsent_batch
from edgeshop.kernel import events
from edgeshop.kernel.columns import MalformedColumn
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.errors import Forgotten, Malformed
from edgeshop.sync.services import names
from edgeshop.sync.services.downloads import lacks_core
from edgeshop.sync.services.egress import ledger
from edgeshop.sync.services.egress.account import Account, sizes_down, sizes_up
from edgeshop.sync.services.feed import stream_of, unpack_pages
from edgeshop.sync.services.grading import Terms, terms_here
from edgeshop.sync.services.repair import is_under_way
from edgeshop.sync.services.state import note_contact, note_out_of_reach
from edgeshop.sync.services.wire import PATH, Batch, Message, pack_message, to_address, unpack_answer
from edgeshop.sync.services.words import Difference, Words, difference_in_doubt, digest, doubted, to_words, whole

log = logging.getLogger(__name__)
Outgoing = tuple[Chain, list[Record]]
_SAY_ALL = {Forgotten.code, Malformed.code}  # an older cloud does not read what is gone by name
_UNREADABLE = {FactsUnreadable.code, MalformedColumn.code}
_NEEDED_WHEN_SPENT = {"identity", "certificate", "erasures", "audit", "grants", "egress"}
_IDENTITIES_MAX = 3  # in one run: an epoch that is refused again and again needs a person, not a loop


@dataclass(slots=True)
class Report:
    """What one run of contacts moved. `failed` is what the last contact left undone, `held_up` streams among it.

    `is_plain`: the cloud could not restore our facts from their short forms, and gets them as they are.
    """

    contacts: int = 0
    acknowledged: int = 0
    identities: int = 0
    streams: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    held_up: dict[str, str] = field(default_factory=dict)
    is_plain: bool = False


def synchronise(client: CloudClient, told: Callable[[Report], None] = lambda _report: None) -> Report:
    """Make contacts until there is nothing left to send or to fetch. Safe to stop anywhere and to run again.
    `told` hears after each contact what has moved so far.

    Raises: CloudUnreachable, CloudRefused. Effect: the outbox drained as far as the link allows, pages applied, and
    what it cost written down, also when it failed.
    """
    report = Report()
    for _ in range(settings.EDGESHOP.sync.contacts_per_run_max):
        account = Account()
        try:
            again = _one_contact(client, report, account)
        finally:
            ledger.write(account)
        told(report)
        if not again:
            break
    return report


def _one_contact(client: CloudClient, report: Report, account: Account) -> bool:
    terms = terms_here()
    batch = unsent_batch(terms.batch_facts)
    line = _Line(client, account, terms.grade)
    try:
        sections = _exchange(line, to_words(_ask(report.held_up, terms)), _packed(batch, plainly=report.is_plain))
    except CloudUnreachable:
        note_out_of_reach()
        raise
    report.contacts += 1
    note_contact()
    report.failed = {name: said["code"] for name, said in sections.get("failed", {}).items()}
    _take_sections(sections, report, comes_first=True)
    moved = _take_facts(sections.get("facts"), batch, report)
    _take_sections(sections, report, comes_first=False)
    was_plain, report.is_plain = report.is_plain, report.failed.get("facts") in _UNREADABLE
    is_unread = report.is_plain and not was_plain
    if not _is_doubted(sections, is_unread=is_unread):
        _take_pages(sections.get("pages", []), report)
    report.failed |= report.held_up
    report.identities += "identity" in sections
    is_someone_else = "identity" in sections and report.identities < _IDENTITIES_MAX
    is_mending = bool({"repair", "pages"} & sections.keys()) and is_under_way()
    again = is_someone_else or is_mending or bool(sections.get("more"))
    return moved or is_unread or again


def _is_doubted(sections: dict[str, Any], *, is_unread: bool) -> bool:
    """Whether the cloud may yet see that our disk is not the one it made these pages for: one put back is told more."""
    return is_unread or "seen" in sections.get("identity", {})


@dataclass(frozen=True, slots=True)
class _Line:
    """Whom we talk to, who counts the bytes, and what grade the link has."""

    client: CloudClient
    account: Account
    grade: str


def _exchange(line: _Line, words: Words, facts: Batch | None) -> dict[str, Any]:
    """The sections of the cloud's answer. A cloud that has forgotten what we said before, or cannot read what is new,
    hears all of it.

    Raises: CloudUnreachable, CloudRefused. Effect: the client knows what the cloud has heard, or may have.
    """
    client = line.client
    try:
        sections = _say(line, words, difference_in_doubt(client.said, client.unsure, words), facts)
    except CloudUnreachable as error:
        if error.fields.get("how") != "refused":
            client.said, client.unsure = doubted(client.said, client.unsure, words)
        raise
    except CloudRefused as refused:
        if refused.fields.get("cloud_code") not in _SAY_ALL:
            raise
        sections = _say(line, words, whole(words), facts)
    client.said, client.unsure = words, frozenset()
    return sections


def _say(line: _Line, words: Words, news: Difference, facts: Batch | None) -> dict[str, Any]:
    message = Message(line.grade, digest(words), news, facts)
    address, body = to_address(PATH, pack_message(message))
    with line.account.contact(line.grade) as parts:
        parts.up, parts.up_bytes = sizes_up(message), len(body) or len(address) - len(PATH) - 1
        reply = line.client.ask(address, body)
        sections = unpack_answer(reply.body) if reply.body else {}
        parts.down, parts.down_bytes = sizes_down(sections), len(reply.body)
    if reply.ack and facts is not None:
        return {"facts": {"epoch": facts.epoch, "acked_seq": int(reply.ack), "unsettled": []}}
    return sections


def _packed(batch: Outgoing | None, *, plainly: bool) -> Batch | None:
    if batch is None:
        return None
    chain, records = batch
    facts = [(record.kind, bytes(record.body)) for record in records]
    writer = Writer(chain.device_id, chain.epoch)
    known = () if plainly else names.FACTS  # spelt out, a name is read by a cloud whose list ends before it
    packed = pack_facts(facts, writer=writer, names=known, plainly=plainly)
    return Batch(chain.epoch, records[0].seq, bytes(records[-1].chain), packed)


def _ask(held_up: dict[str, str], terms: Terms) -> dict[str, Any]:
    """What we say of ourselves. When the month's money is gone, only what the law and the right to sell need; while
    the file that selling needs is still to come, which one that is, so that another is offered if it was forgotten."""
    is_lacking = terms.is_spent and lacks_core()
    needed = _NEEDED_WHEN_SPENT | ({"bundles"} if is_lacking else set())
    at = {name: list(place) for name, place in cursors().items()}
    asked: dict[str, Any] = {"cursors": at | dict.fromkeys(held_up)} if is_lacking or not terms.is_spent else {}
    for section in contact.sections():
        if terms.is_spent and not (section.comes_first or section.name in needed):
            continue
        said = section.ask()
        if said is not None:
            asked[section.name] = said
    return asked


def _take_sections(told: dict[str, Any], report: Report, *, comes_first: bool) -> None:
    for section in contact.sections():
        if section.name in told and section.comes_first == comes_first:
            _guard(section.name, report.failed, partial(section.take, told[section.name]))


def _take_facts(told: dict[str, Any] | None, batch: Outgoing | None, report: Report) -> bool:
    """Note the acknowledgement and tell the apps; True when more facts wait."""
    if told is None or batch is None:
        return False
    chain, _ = batch
    with transaction.atomic():
        n = acknowledge(
            device_id=chain.device_id,
            epoch=int(told["epoch"]),
            seq=int(told["acked_seq"]),
            unsettled=[seq for seq, _ in told["unsettled"]],
        )
        if n:
            transaction.on_commit(
                lambda: events.publish("facts.acknowledged", epoch=chain.epoch, seq=told["acked_seq"])
            )
    report.acknowledged += n
    for seq, status in told["unsettled"]:
        log.info("fact %s/%s/%s: %s", chain.device_id, chain.epoch, seq, status)
    return n > 0 and unsent_batch(1) is not None


def _take_pages(pages: list[list[Any]], report: Report) -> None:
    """Apply each page on its own. A stream that cannot be read or applied is not asked for again in this run; what
    follows a page that cannot be read may name its keys by that, and comes with the next contact."""
    kiosk_id = this_kiosk_id()
    reading = unpack_pages(pages, kiosk_id=kiosk_id)
    for told in pages:
        name, read = stream_of(told, kiosk_id=kiosk_id), list[Page]()
        if not _guard(name, report.held_up, lambda read=read: read.append(next(reading))):  # type: ignore[misc]  # -- bound at once
            return
        if _guard(name, report.held_up, partial(_take_page, read[0])):
            report.streams.add(name)


def _take_page(page: Page) -> None:
    apply_page(page)
    events.publish(f"{page.stream.partition('/')[0]}.changed", keys=len(page.rows))


def _guard(name: str, failed: dict[str, str], work: Callable[[], object]) -> bool:
    """Whether it went through; what went wrong stands in `failed`, and nothing else is held up by it."""
    try:
        work()
    except EdgeShopError as error:
        failed[name] = error.code
    except Exception:
        log.exception("section %s of a contact could not be applied", name)
        failed[name] = "sync.section_failed"
    else:
        return True
    return False
