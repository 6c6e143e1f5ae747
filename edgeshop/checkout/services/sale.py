"""A sale as a value: what is written down, told to the cloud, and given back to a restored kiosk."""

import hashlib
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from edgeshop.checkout.enums import Handover, Origin, Payment
from edgeshop.checkout.errors import FactInvalid
from edgeshop.kernel.facts import canonical


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line as sold. Units: minor units, basis points."""

    product_id: int
    qty: int
    unit_minor: int
    rate_bp: int
    name: str = ""
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Sale:
    """Everything about an order that never changes. Shapes: lines [n]. Units: minor units of `currency`."""

    number: str
    origin: Origin
    seat_id: str
    sold_by: str
    book: int
    tender: str
    is_on_grant: bool
    is_slip_shown: bool
    currency: str
    net_minor: int
    tax_minor: int
    total_minor: int
    tax_by_rate: dict[int, int]
    language: str
    placed_at: datetime
    committed_at: datetime
    business_day: date
    receipt_key: str
    envelope_sha256: str
    payment: Payment
    handover: Handover
    lines: tuple[SoldLine, ...]

    @property
    def basket(self) -> list[tuple[int, int]]:
        """The lines without their prices, as the catalogue asks for them."""
        return [(line.product_id, line.qty) for line in self.lines]

    def named(self, names: list[str]) -> "Sale":
        """The same sale with the names of its goods, in line order."""
        lines = [replace(line, name=name) for line, name in zip(self.lines, names, strict=True)]
        return replace(self, lines=tuple(lines))


def content_sha256(
    number: str, book: int, lines: Iterable[tuple[int, int, int]], total_minor: int, tender: str, language: str
) -> str:
    """What a sale says, in one value: who says it again, however it is signed, says the same thing.

    Shapes: lines [n] of (product, quantity, unit price). Units: minor units. The answer is 64 hexadecimal digits.
    """
    said = [number, book, [list(line) for line in lines], total_minor, tender, language]
    return hashlib.sha256(canonical(said)).hexdigest()


def business_day(at: datetime, timezone: str) -> date:
    """The shop's calendar day; UTC's where the time zone is unknown to this machine."""
    try:
        return at.astimezone(zoneinfo.ZoneInfo(timezone)).date()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return at.astimezone(UTC).date()


_PLAIN = (
    "number", "origin", "seat_id", "sold_by", "book", "tender", "is_on_grant", "is_slip_shown", "currency",
    "net_minor", "tax_minor", "total_minor", "language", "receipt_key", "envelope_sha256", "payment", "handover",
)  # fmt: skip


def to_body(sale: Sale, *, with_names: bool = False) -> dict[str, Any]:
    """The sale as plain JSON. Names stay behind when the reader has the catalogue itself."""
    body: dict[str, Any] = {name: getattr(sale, name) for name in _PLAIN}
    body["tax_by_rate"] = {str(rate): minor for rate, minor in sale.tax_by_rate.items()}
    body["placed_at"] = _milliseconds(sale.placed_at)
    body["committed_at"] = _milliseconds(sale.committed_at)
    body["business_day"] = sale.business_day.isoformat()
    body["lines"] = lines_to_body(sale.lines)
    if with_names:
        body["names"] = [line.name for line in sale.lines]
    return body


def lines_to_body(lines: Iterable[SoldLine]) -> list[list[int]]:
    """Lines as plain JSON. Shapes: [n] of (product, quantity, unit price, basis points, discount)."""
    return [[li.product_id, li.qty, li.unit_minor, li.rate_bp, li.discount_minor] for li in lines]


def from_body(body: dict[str, Any]) -> Sale:
    """The sale again. Raises: FactInvalid when something is missing or of another form."""
    try:
        names = body.get("names") or [""] * len(body["lines"])
        lines = tuple(_line(row, name) for row, name in zip(body["lines"], names, strict=True))
        plain = {name: body[name] for name in _PLAIN}
        return Sale(
            **plain
            | {
                "origin": Origin(body["origin"]),
                "payment": Payment(body["payment"]),
                "handover": Handover(body["handover"]),
            },
            tax_by_rate={int(rate): int(minor) for rate, minor in body["tax_by_rate"].items()},
            placed_at=_instant(body["placed_at"]),
            committed_at=_instant(body["committed_at"]),
            business_day=date.fromisoformat(body["business_day"]),
            lines=lines,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as odd:
        raise FactInvalid("This does not read as a sale.", problem=repr(odd)[:200]) from odd


def _line(row: list[int], name: str) -> SoldLine:
    product_id, qty, unit, rate, discount = map(int, row)
    return SoldLine(product_id, qty, unit, rate, name, discount)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
