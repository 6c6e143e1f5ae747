"""One line of the file after another: read, checked, and judged a sale or not.

The format has no field that spans lines, so each line is read alone: a stray quote spoils its own line only.
Source: UCI Machine Learning Repository, data set 352, doi 10.24432/C5BW33.
"""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from edgeshop.kernel.errors import InvalidInput

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
_GZIP = b"\x1f\x8b"
_GOODS_CODE = re.compile(r"\d{5}[A-Z]{0,2}")
_SERVICES = re.compile(r"\b(CARRIAGE|GIFT VOUCHER|HIGH RESOLUTION IMAGE)\b", re.IGNORECASE)
_QUANTITY_MAX = 10_000_000  # the largest order ever placed there had 80,995 units


class Skip(StrEnum):
    """Why a line is no sale of goods."""

    MALFORMED = "malformed"
    CANCELLATION = "cancellation"
    BAD_DEBT = "bad_debt"
    NOT_GOODS = "not_goods"
    STOCK_CORRECTION = "stock_correction"
    NO_PRICE = "no_price"


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its values. Units: pounds sterling, local time without a zone, pieces."""

    invoice: str
    code: str
    description: str
    quantity: int
    at: datetime
    price: Decimal


class Malformed(InvalidInput):
    """A line does not fit the format; the message says where."""


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a csv or csv.gz after its header. Raises: InvalidInput for another format, OSError."""
    with path.open("rb") as probe:
        is_packed = probe.read(2) == _GZIP
    open_text = gzip.open if is_packed else open
    with open_text(path, "rt", encoding="utf-8", errors="replace", newline=None) as file:
        header = next(file, "").lstrip("\ufeff").strip().split(",")
        if header != COLUMNS:
            raise InvalidInput(f"The first line must be {','.join(COLUMNS)}.", found=",".join(header)[:200])
        yield iter(file)


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines with their number in the file (the header is line 1); empty ones are left out."""
    return ((number, text) for number, line in enumerate(lines, start=2) if (text := line.rstrip("\r\n")))


def parse(line: str) -> Row:
    """The values of a line. Raises: Malformed."""
    fields = _fields(line)
    if len(fields) != len(COLUMNS):
        raise Malformed(f"{len(fields)} fields instead of {len(COLUMNS)}")
    if "\ufffd" in line:
        raise Malformed("bytes that are not UTF-8")
    invoice, code, description, quantity, at, price, _, _ = fields
    if not invoice.strip() or not code.strip():
        raise Malformed("no InvoiceNo or no StockCode")
    return Row(
        invoice.strip().upper(), code.strip().upper(), description, _quantity(quantity), _instant(at), _price(price)
    )


def _fields(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise Malformed(f"a quote that does not fit ({error})") from error


@lru_cache(maxsize=4096)
def _quantity(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise Malformed(f"Quantity {text[:20]!r} is not a whole number") from None
    if abs(value) > _QUANTITY_MAX:
        raise Malformed(f"Quantity {text[:20]!r} is out of range")
    return value


@lru_cache(maxsize=4096)
def _instant(text: str) -> datetime:
    try:
        at = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 -- the zone is the reader's to add
    except ValueError:
        raise Malformed(f"InvoiceDate {text[:20]!r} is not YYYY-MM-DD HH:MM:SS") from None
    return at


@lru_cache(maxsize=4096)
def _price(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Malformed(f"UnitPrice {text[:20]!r} is not a number")
    return value


def judge(row: Row) -> Skip | None:
    """Why a row is no sale of goods, or None for a sale. Raises: Malformed for a price below zero."""
    if row.invoice.startswith("C"):
        return Skip.CANCELLATION
    if row.invoice.startswith("A"):
        return Skip.BAD_DEBT
    if not _GOODS_CODE.fullmatch(row.code) or _SERVICES.search(row.description):
        return Skip.NOT_GOODS
    if row.price < 0:
        raise Malformed("UnitPrice is below zero")
    if row.quantity <= 0:
        return Skip.STOCK_CORRECTION
    return Skip.NO_PRICE if row.price == 0 else None
