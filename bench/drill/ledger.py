"""Counting: what shoppers were shown against what the cloud's ledger holds, read from its database."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.drill.shopper import Sold

_ENDED = {"sold", "returned", "void", "expired", "unaccounted", "outstanding"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in the ledger. Shapes: lines {product: (quantity, unit price)}."""

    number: str
    total_minor: int
    delivery: str
    lines: dict[int, tuple[int, int]]


@dataclass(slots=True)
class Ledger:
    """The cloud's books at one moment."""

    orders: dict[str, Entry] = field(default_factory=dict)
    in_review: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[int, int], set[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is wrong, as lists, so that a failure names its orders."""

    lost: list[str]
    duplicated: list[str]
    changed: list[str]
    oversold: int
    receipt_gaps: list[str]
    unaccounted_missed: list[str]
    unaccounted_found: list[str]


def _rows(path: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as database:
        return database.execute(query).fetchall()


def read(path: Path) -> Ledger:
    """The ledger in the cloud's SQLite file."""
    ledger = Ledger()
    lines: dict[str, dict[int, tuple[int, int]]] = {}
    for order_id, product_id, qty, unit in _rows(
        path, "SELECT order_id, product_id, qty, unit_minor FROM checkout_orderline"
    ):
        lines.setdefault(order_id, {})[product_id] = (qty, unit)
    for order_id, number, total, delivery in _rows(
        path, "SELECT id, number_id, total_minor, delivery FROM checkout_order"
    ):
        ledger.orders[number] = Entry(number, total, delivery, lines.get(order_id, {}))
    for number, reason in _rows(
        path, "SELECT o.number_id, r.reason FROM checkout_review r JOIN checkout_order o ON o.id = r.order_id"
    ):
        ledger.in_review.setdefault(number, []).append(reason)
    for number, kiosk, epoch, seq, state in _rows(
        path, "SELECT number, kiosk_id, epoch, seq, state FROM checkout_number"
    ):
        ledger.numbers[number] = state
        if state in _ENDED:
            ledger.places.setdefault((kiosk, epoch), set()).add(seq)
    return ledger


def drawn(kiosk_db: Path) -> dict[tuple[int, int], int]:
    """The last number that a kiosk has drawn, by (kiosk, epoch), from its own file."""
    found = _rows(kiosk_db, "SELECT kiosk_id, epoch, last_seq FROM checkout_allocator")
    return {(kiosk, epoch): last for kiosk, epoch, last in found}


def open_numbers_of_seat(kiosk_db: Path, number: str) -> set[str]:
    """The numbers that the seat of `number` has not accounted for, by the kiosk's own file; `number` is among them."""
    seats = dict(_rows(kiosk_db, "SELECT number, seat_id FROM checkout_number"))
    still = {row[0] for row in _rows(kiosk_db, "SELECT number FROM checkout_number WHERE state = 'outstanding'")}
    return {name for name in still if seats[name] == seats[number]}


def facts_of(path: Path) -> int:
    """How many facts the cloud holds."""
    return int(_rows(path, "SELECT COUNT(*) FROM journal_record")[0][0])


def count(
    ledger: Ledger,
    *,
    sold: Iterable[Sold],
    wiped: set[str],
    unaccounted: set[str],
    strict: dict[int, int],
    last_drawn: dict[tuple[int, int], int],
) -> Counted:
    """Compare. `wiped` are slips whose browser was wiped before it could hand them over: they must be missing and
    reported; `unaccounted` are all numbers that must be reported; `strict` is what there was of strict products."""
    known = {s.number: s for s in sold}
    present = ledger.orders
    gone = [n for n in known if n not in present and n not in wiped]
    ghosts = [n for n in present if n not in known]
    changed = [
        n
        for n, s in known.items()
        if n in present and (present[n].total_minor, present[n].lines) != (s.total_minor, s.lines)
    ]
    units = Counter[int]()
    for entry in present.values():
        for product_id, (qty, _) in entry.lines.items():
            units[product_id] += qty
    oversold = sum(max(0, units[product_id] - there) for product_id, there in strict.items())
    found = {n for n, state in ledger.numbers.items() if state == "unaccounted"}
    return Counted(
        gone, ghosts, changed, oversold, _gaps(ledger, last_drawn), sorted(unaccounted - found), sorted(found)
    )


def _gaps(ledger: Ledger, last_drawn: dict[tuple[int, int], int]) -> list[str]:
    """Numbers that a kiosk has drawn and the cloud has never heard of, or knows in no state that there is."""
    return [
        f"{kiosk}-{epoch}-{seq}"
        for (kiosk, epoch), last in last_drawn.items()
        for seq in range(1, last + 1)
        if seq not in ledger.places.get((kiosk, epoch), set())
    ]
