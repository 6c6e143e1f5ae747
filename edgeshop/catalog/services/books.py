"""Price books: write a draft, see what it changes, publish it. Published versions never change.

A draft is named by its row id, because it has no version until it is published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from edgeshop.catalog.enums import BookState
from edgeshop.catalog.errors import BookPublished, BookWaiting, RateMissing
from edgeshop.catalog.models import DraftPrice, Price, PriceBook, Product
from edgeshop.journal.services import changes
from edgeshop.kernel import clock, events
from edgeshop.kernel.errors import InvalidInput, NotFound

_RATE_BP_MAX = 100_000  # 1,000 %: no law comes near, a slip of the decimal point does
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What a draft does to one product; None means not sold. Units: minor units."""

    product_id: int
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """A published book as it travels: what it says anew, by product; None ends a price.

    `skipped` [16] are the digests of older books that this one stands for as well; empty for one that stands alone.
    """

    version: int
    shop_id: int
    published_at: datetime
    valid_from: datetime
    rates: dict[str, int]
    note: str
    entries: Mapping[int, int | None]
    skipped: bytes = b""


@transaction.atomic
def draft_book(
    *, shop_id: int, rates: Mapping[str, int] | None = None, note: str = "", valid_from: datetime | None = None
) -> int:
    """A new draft for a shop; answers its id. Rates are those of the newest book unless given. Raises: InvalidInput."""
    if rates is None:
        newest = _newest(shop_id)
        rates = newest.rates if newest else {}
    _refuse_odd_rates(rates)
    return PriceBook.objects.create(shop_id=shop_id, rates=dict(rates), note=note, valid_from=valid_from).pk


def _newest(shop_id: int) -> PriceBook | None:
    return PriceBook.objects.filter(shop=shop_id, state=BookState.PUBLISHED).order_by("-version").first()


def _refuse_odd_rates(rates: Mapping[str, object]) -> None:
    for tax_class, rate in rates.items():
        if type(rate) is not int or not 0 <= rate <= _RATE_BP_MAX:
            raise InvalidInput("A tax rate is a whole number of basis points.", tax_class=tax_class)


@transaction.atomic
def set_prices(*, draft_id: int, prices: Mapping[int, int | None]) -> None:
    """Put prices into a draft, over those it has; None ends the sale of a product. Raises: BookPublished, NotFound."""
    book = _draft(draft_id)
    rows = [DraftPrice(book=book, product_id=product_id, unit_minor=unit) for product_id, unit in prices.items()]
    DraftPrice.objects.bulk_create(
        rows, _BATCH, update_conflicts=True, unique_fields=["book", "product"], update_fields=["unit_minor"]
    )


@transaction.atomic
def set_rates(*, draft_id: int, rates: Mapping[str, int]) -> None:
    """Give a draft its tax rates, all of them. Raises: BookPublished, NotFound, InvalidInput."""
    _refuse_odd_rates(rates)
    PriceBook.objects.filter(pk=_draft(draft_id).pk).update(rates=dict(rates))


def _draft(draft_id: int) -> PriceBook:
    book = PriceBook.objects.select_for_update().filter(pk=draft_id).first()
    if book is None:
        raise NotFound("There is no such draft.", draft_id=draft_id)
    if book.state == BookState.PUBLISHED:
        raise BookPublished("This price book is published and never changes. Write a new draft.", book=book.version)
    return book


def preview(draft_id: int) -> list[PreviewRow]:
    """What publishing the draft would change, product by product; prices that stay as they are are left out."""
    book = PriceBook.objects.filter(pk=draft_id, state=BookState.DRAFT).first()
    return _changed(book) if book else []


def _changed(book: PriceBook) -> list[PreviewRow]:
    wanted = dict(book.entries.order_by("product_id").values_list("product_id", "unit_minor"))
    present = Price.objects.filter(shop=book.shop_id, to_version=None)
    old = dict(present.filter(product__in=book.entries.values("product")).values_list("product_id", "unit_minor"))
    return [PreviewRow(p, old.get(p), new) for p, new in wanted.items() if old.get(p) != new]


@transaction.atomic
def publish(draft_id: int) -> int:
    """Make a draft the newest version of its shop's prices, for now or for its date; answers the version.

    Publishing it again answers the same version.
    Raises: NotFound, BookWaiting, RateMissing.
    Effect: the version, numbered after every other, and its change on the `prices` stream, all or nothing; open
    screens are nudged after commit.
    """
    PriceBook.objects.select_for_update().order_by("pk").first()  # one publication at a time: versions follow commits
    known = PriceBook.objects.filter(pk=draft_id, state=BookState.PUBLISHED).values_list("version", flat=True).first()
    if known is not None:
        return known
    book = _draft(draft_id)
    entries = {row.product_id: row.new for row in _changed(book)}
    _refuse_missing_rates(book)
    version = (PriceBook.objects.aggregate(n=Max("version"))["n"] or 0) + 1
    now = clock.now()
    start = max(book.valid_from or now, now)
    _refuse_overtaking(book.shop_id, start)
    _write_entries(book.shop_id, version, entries)
    book.entries.all().delete()
    PriceBook.objects.filter(pk=book.pk).update(
        state=BookState.PUBLISHED, version=version, published_at=now, valid_from=start
    )
    changes("prices", str(version))
    _nudge(book.shop_id, version)
    return version


def _refuse_overtaking(shop_id: int, start: datetime) -> None:
    """Versions build on each other, so one that waits for its date cannot be overtaken by one that starts sooner."""
    waiting = _newest(shop_id)
    if waiting is not None and waiting.valid_from is not None and waiting.valid_from > start:
        raise BookWaiting(
            "A later price book is already published for a date to come.",
            book=waiting.version,
            valid_from=waiting.valid_from.isoformat(),
        )


def _refuse_missing_rates(book: PriceBook) -> None:
    open_here = Price.objects.filter(shop=book.shop_id, to_version=None)
    sold = Q(pk__in=open_here.values("product")) | Q(pk__in=book.entries.exclude(unit_minor=None).values("product"))
    classes = set(Product.objects.filter(sold).values_list("tax_class", flat=True).distinct())
    missing = sorted(classes - set(book.rates))
    if missing:
        raise RateMissing("Every tax class of what is sold needs a rate.", tax_classes=missing)


def _write_entries(shop_id: int, version: int, entries: Mapping[int, int | None]) -> None:
    """End the prices that change and begin the new ones; must come before the book itself is published."""
    for ids in _batches(entries):
        Price.objects.filter(shop=shop_id, to_version=None, product__in=ids).update(to_version=version)
    rows = [
        Price(shop_id=shop_id, product_id=product_id, from_version=version, unit_minor=unit)
        for product_id, unit in entries.items()
        if unit is not None
    ]
    Price.objects.bulk_create(rows, _BATCH)


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    every = list(ids)
    return (every[i : i + _BATCH] for i in range(0, len(every), _BATCH))


def _nudge(shop_id: int, version: int) -> None:
    transaction.on_commit(lambda: events.publish("prices.changed", shop_id=shop_id, book=version))


@transaction.atomic
def adopt_versions(versions: Iterable[Version]) -> list[int]:
    """On a kiosk: take published books as they arrive; answers the versions that were new. Safe to repeat.

    Effect: each version is there with all its prices or not at all; open screens are nudged after commit.
    """
    told = sorted(versions, key=lambda v: v.version)
    known = set(PriceBook.objects.filter(version__in=[v.version for v in told]).values_list("version", flat=True))
    fresh = [v for v in told if v.version not in known]
    for v in fresh:
        _write_entries(v.shop_id, v.version, v.entries)
        PriceBook.objects.create(
            shop_id=v.shop_id,
            version=v.version,
            state=BookState.PUBLISHED,
            published_at=v.published_at,
            valid_from=v.valid_from,
            rates=v.rates,
            note=v.note,
            skipped=v.skipped or None,
        )
        _nudge(v.shop_id, v.version)
    return [v.version for v in fresh]


@transaction.atomic
def correct_versions(shop_id: int, held: Iterable[Version], right: Iterable[Version]) -> None:
    """On a kiosk whose disk has come to say something else of published books: make those `right`, keep the others.

    The database lets nobody change a published book, so all of the shop's are taken away and adopted again, in order.
    Effect: open screens are nudged after commit.
    """
    versions = {v.version: v for v in held} | {v.version: v for v in right}
    Price.objects.filter(shop=shop_id).delete()
    PriceBook.objects.filter(shop=shop_id, state=BookState.PUBLISHED).delete()
    adopt_versions(v for v in versions.values() if v.shop_id == shop_id)
