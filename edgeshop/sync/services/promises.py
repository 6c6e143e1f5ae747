"""On the cloud: by which table a kiosk goes, how long it may be silent by that, and what is worth sending to it now."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services.policies import rules_of
from edgeshop.journal.services import Page
from edgeshop.kernel import clock
from edgeshop.sync.errors import TableMalformed
from edgeshop.sync.grades import Grade
from edgeshop.sync.models import LinkAccount, PricedTable
from edgeshop.sync.schedule import Decision, Table, decide, promised_gap_s
from edgeshop.sync.schedule.table import NEVER
from edgeshop.sync.schedule.workload import SLOTS
from edgeshop.sync.services.grading import Terms, terms_of

CARRIED_AS = {"prices": "prices", "vectors": "features", "models": "model"}  # streams of changes by their table's names
_SLOT_S = 24 * 3600 // SLOTS


@dataclass(frozen=True, slots=True)
class Link:
    """What the present contact of a kiosk may carry, by its class and by its table; `gap_s` is the silence promised."""

    terms: Terms
    gap_s: int
    table: Table | None = None
    said: Decision | None = None

    def is_worth(self, stream: str, page: Page) -> bool:
        """Whether a page is worth its bytes now. Kiosk and cloud hold the same table, so its bounds need not travel."""
        name = CARRIED_AS.get(stream, "")
        if self.table is None or self.said is None or name not in self.table.streams:
            return True
        at = self.table.streams.index(name)
        changes = max(page.size, len(page.rows) + len(page.gone))  # its rows may have been collapsed
        lacks = NEVER - 1 if page.more else min(changes, NEVER - 1)
        waits = self.said.skip[at] <= lacks < self.said.again[at]
        return bool(lacks >= self.said.ask_from[at] and not waits)


def link_of(kiosk: Kiosk, grade: str) -> Link:
    """What a contact over a link of this grade may carry."""
    terms, priced = terms_of(rules_of(kiosk.pk), grade), table_of(kiosk.pk)
    if priced is None:
        return Link(terms, terms.gap_s)
    data = bytes(priced.table)
    try:
        table = read_table(data)
    except TableMalformed:  # solved by another release: as without a table until the next ones are
        return Link(terms, terms.gap_s)
    slot = slot_of(clock.now(), kiosk.shop.timezone)
    said = decide(table, slot=slot, known=np.zeros(len(table.streams)), grade=Grade[grade])
    return Link(terms, round(gap_in(data, grade)), table, said)


def note_link(kiosk: Kiosk, link: Link) -> None:
    """Keep the grade that a kiosk has named, and the longest gap that it promises on such a link."""
    if (kiosk.link_grade, kiosk.promised_gap_s) != (link.terms.grade, link.gap_s):
        Kiosk.objects.filter(pk=kiosk.pk).update(link_grade=link.terms.grade, promised_gap_s=link.gap_s)


def table_of(kiosk_id: int) -> PricedTable | None:
    """The table that a kiosk should go by; None while it is steered by none."""
    account = LinkAccount.objects.select_related("kiosk").filter(pk=kiosk_id).first()
    if account is None or account.place is None:
        return None
    return PricedTable.objects.filter(node_class=account.kiosk.node_class, place=account.place).first()


def slot_of(at: datetime, timezone: str) -> int:
    """The quarter of an hour of a shop's local day; of UTC's where the zone is unknown."""
    try:
        zone: tzinfo = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    local = at.astimezone(zone)
    return (local.hour * 3600 + local.minute * 60 + local.second) // _SLOT_S


@lru_cache(maxsize=64)  # a table for each class and price, each read once
def read_table(data: bytes) -> Table:
    """A decision table from its bytes. Raises: TableMalformed."""
    return Table.from_bytes(data)


def mark_of(table: bytes) -> bytes:
    """What a table is known by. Shape: [4]."""
    return hashlib.sha256(table).digest()[:4]


@lru_cache(maxsize=64)  # a good part of a second for a table whose streams rarely speak
def gap_in(table: bytes, grade: str) -> float:
    """The longest gap that a table promises on links of a grade. Units: seconds. Raises: TableMalformed."""
    return promised_gap_s(read_table(table), grade=Grade[grade])
