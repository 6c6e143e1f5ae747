"""Write what a file told into the catalogue: categories, products, prices, stock and baskets, all or nothing."""

import time
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.errors import NoPriceBook
from edgeshop.catalog.models import Product
from edgeshop.catalog.queries import current_book, prices, rates
from edgeshop.catalog.services import (
    CategoryData,
    PastBasket,
    ProductData,
    draft_book,
    open_stock,
    publish,
    save_baskets,
    save_categories,
    save_products,
    set_prices,
)
from edgeshop.fleet.models import Shop
from edgeshop.shop.retail.goods import Gathered, Good, gather
from edgeshop.shop.retail.report import Report
from edgeshop.shop.retail.rows import opened
from edgeshop.shop.retail.words import SHELVES, barcode_of, colour_of, readable, shelf_of

Say = Callable[[str], None]
_THERE = ZoneInfo("Europe/London")  # the file's times are local to the retailer
_RATES = {"standard": 2000, "zero": 0}  # the retailer's country; only for a shop that has no price book yet
_STRICT_FROM = Decimal(50)  # in major units: so few and so dear that selling one twice would hurt
_WEEKS_ON_HAND = 4
_ON_HAND_MIN, _ON_HAND_MAX = 12, 10_000


def load(path: Path, *, shop_id: int, limit: int | None = None, say: Say) -> Report:
    """Load transactions into a shop; answers what was read, skipped and written. Loading again changes nothing.

    Raises: OSError or EOFError for a file that cannot be read to its end, InvalidInput for another format.
    Effect: names, categories and prices become those of the file; withdrawn products stay withdrawn, and stock that
    is known already is left alone. All or nothing.
    """
    started = time.monotonic()
    shop = Shop.objects.get(pk=shop_id)
    report = Report()
    with opened(path) as lines:
        found = gather(lines, report, limit=limit, say=say)
    with transaction.atomic():
        _write(shop, found, report, say)
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _write(shop: Shop, found: Gathered, report: Report, say: Say) -> None:
    named = {code: good for code, good in found.goods.items() if good.name}
    report.noted["nameless_codes"] = len(found.goods) - len(named)
    say(f"{len(named):>9,} products")
    by_sku = save_products(_products(named))
    ids = {code: by_sku[code] for code in named}
    wanted = {ids[code]: _minor(good.price, shop.exponent) for code, good in named.items()}
    changed, book = _publish(shop.pk, wanted)
    levels = open_stock(shop_id=shop.pk, units={ids[code]: _units(good, found.weeks) for code, good in named.items()})
    say(f"{len(found.baskets):>9,} baskets")
    baskets = list(_baskets(found, ids))
    report.loaded = {
        "categories": len({shelf_of(good.name).slug for good in named.values()}),
        "products": len(named),
        "prices_changed": changed,
        "book": book,
        "stock_levels_new": levels,
        "baskets": len(baskets),
        "baskets_new": save_baskets(baskets),
    }


def _products(named: Mapping[str, Good]) -> Iterator[ProductData]:
    shelves = save_categories([CategoryData(s.slug, place, s.names) for place, s in enumerate(SHELVES, start=1)])
    withdrawn = set(Product.objects.filter(is_active=False).values_list("sku", flat=True))
    for code, good in named.items():
        yield ProductData(
            sku=code,
            category_id=shelves[shelf_of(good.name).slug],
            texts={"en": {"name": readable(good.name), "description": ""}},
            barcode=barcode_of(code),
            stock_policy=StockPolicy.STRICT if good.price >= _STRICT_FROM else StockPolicy.SHELF,
            colour=colour_of(good.name, code),
            is_active=code not in withdrawn,
        )


def _minor(price: Decimal, exponent: int) -> int:
    """In minor units, half up, and never nothing: rounding makes no present of anything."""
    return max(1, int(price.scaleb(exponent).quantize(Decimal(1), ROUND_HALF_UP)))


def _publish(shop_id: int, wanted: Mapping[int, int]) -> tuple[int, int]:
    """Publish what differs from the present book, if anything; answers how many prices, and the book in force."""
    try:
        book: int | None = current_book(shop_id)
    except NoPriceBook:
        book = None
    present, rate_of = (prices(book), rates(book)) if book is not None else ({}, {})
    differing = {product_id: unit for product_id, unit in wanted.items() if present.get(product_id) != unit}
    if book is not None and not differing:
        return 0, book
    draft = draft_book(shop_id=shop_id, rates=_RATES | rate_of, note="imported transactions")
    set_prices(draft_id=draft, prices=differing)
    return len(differing), publish(draft)


def _units(good: Good, weeks: float) -> int:
    """Four weeks of average sales: the file knows what was sold, not what was on the shelf."""
    return min(_ON_HAND_MAX, max(_ON_HAND_MIN, round(good.units / weeks * _WEEKS_ON_HAND)))


def _baskets(found: Gathered, ids: Mapping[str, int]) -> Iterator[PastBasket]:
    for invoice, basket in found.baskets.items():
        products = [ids[code] for code in basket.codes if code in ids]
        if products:
            yield PastBasket(f"uci-{invoice}", basket.at.replace(tzinfo=_THERE), products)
