"""The stream `prices`: published price books, those of a shop for its kiosks."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Q

from edgeshop.catalog.enums import BookState
from edgeshop.catalog.models import Price, PriceBook
from edgeshop.catalog.services.books import Version, adopt_versions, correct_versions
from edgeshop.catalog.streams import book_pages
from edgeshop.fleet.queries import this_shop_id
from edgeshop.journal.registry import Row, Source


def _collect(_stream: str, keys: Sequence[str]) -> list[Row]:
    versions = [int(key) for key in keys]
    entries: dict[int, dict[int, int | None]] = defaultdict(dict)
    for price in Price.objects.filter(Q(from_version__in=versions) | Q(to_version__in=versions)):
        if price.to_version is not None:
            entries[price.to_version].setdefault(price.product_id, None)
        entries[price.from_version][price.product_id] = price.unit_minor
    books = PriceBook.objects.filter(version__in=versions).order_by("version")
    return [_book_row(book, entries[book.version or 0]) for book in books]


def _keys(_stream: str) -> list[str]:
    published = PriceBook.objects.filter(state=BookState.PUBLISHED)
    return [str(version) for version in published.values_list("version", flat=True)]


def _book_row(book: PriceBook, entries: dict[int, int | None]) -> Row:
    return {
        "key": str(book.version),
        "shop": book.shop_id,
        "published": _seconds(book.published_at),
        "valid": _seconds(book.valid_from),
        "rates": book.rates,
        "note": book.note,
        "entries": [{"product": product_id, "unit": unit} for product_id, unit in sorted(entries.items())],
    } | ({book_pages.SKIPPED: bytes(book.skipped)} if book.skipped else {})


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _apply(_stream: str, rows: list[Row], _gone: list[str]) -> None:
    """Books of this kiosk's shop are taken; published books never go."""
    here = this_shop_id()
    adopt_versions([_version(row) for row in rows if row["shop"] == here])


def _repair(stream: str, rows: list[Row], _gone: list[str]) -> None:
    """Books that are wrong here, or missing, become what they are; published books never go."""
    if rows:
        held = _collect(stream, _keys(stream))
        correct_versions(this_shop_id(), [_version(row) for row in held], [_version(row) for row in rows])


def _version(row: Row) -> Version:
    return Version(
        version=int(row["key"]),
        shop_id=row["shop"],
        published_at=datetime.fromtimestamp(row["published"], UTC),
        valid_from=datetime.fromtimestamp(row["valid"], UTC),
        rates=row["rates"],
        note=row["note"],
        entries={entry["product"]: entry["unit"] for entry in row["entries"]},
        skipped=row.get(book_pages.SKIPPED, b""),
    )


PRICES = Source(
    _collect,
    _apply,
    keys=_keys,
    audience=lambda row: row["shop"],
    repair=_repair,
    collapse=book_pages.collapsed,
    digests=book_pages.digests,
)
