"""The shelves on PostgreSQL: the same triggers hold, and locks let one seller through at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import (
    Allotment,
    Category,
    DraftPrice,
    Price,
    PriceBook,
    Product,
    StockLevel,
    StockReturn,
)
from edgeshop.catalog.queries import prices, shelf_page, stock_discrepancies
from edgeshop.catalog.services import (
    CategoryData,
    ProductData,
    allot,
    draft_book,
    publish,
    receive_stock,
    save_categories,
    save_products,
    set_prices,
    settle_sale,
)
from edgeshop.fleet.models import Kiosk, Shop

pytestmark = pytest.mark.integration
OnPostgresql = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def product_id(on_postgresql: OnPostgresql) -> Iterator[int]:
    """A product of shop 1, of which it has ten, on an otherwise empty cloud."""
    with on_postgresql():
        assert connection.vendor == "postgresql"
        for model in (DraftPrice, Price, PriceBook, StockReturn, Allotment, StockLevel, Product, Category, Kiosk, Shop):
            model.objects.all().delete()
        Shop.objects.create(pk=1, name="Corner", currency="EUR")
        Kiosk.objects.create(pk=1, shop_id=1, name="Till", epoch=1)
        shelf = save_categories([CategoryData("tea", 1, {"en": "Tea"})])["tea"]
        data = ProductData(sku="A", category_id=shelf, texts={"en": {"name": "Assam"}}, stock_policy="strict")
        save_products([data])
        known = save_products([data])["A"]
        receive_stock(shop_id=1, product_id=known, qty=10)
        yield known


def book(product_id: int, unit: int) -> int:
    draft = draft_book(shop_id=1, rates={"standard": 1900})
    set_prices(draft_id=draft, prices={product_id: unit})
    return publish(draft)


def in_threads(on_postgresql: OnPostgresql, count: int, act: Callable[[int], None]) -> None:
    """Do something in several transactions at the same moment."""
    start = Barrier(count)

    def run(number: int) -> None:
        with on_postgresql():
            start.wait()
            act(number)

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_pricebook SET note = 'cheaper'",
        "UPDATE catalog_price SET unit_minor = 1",
        "UPDATE catalog_price SET to_version = 1 + from_version",
        "UPDATE catalog_price SET to_version = NULL WHERE to_version IS NOT NULL",
        "INSERT INTO catalog_price (shop_id, product_id, from_version, to_version, unit_minor)"
        " SELECT shop_id, product_id + 100, from_version, NULL, 1 FROM catalog_price",
    ],
)
def test_postgresql_refuses_to_change_what_is_published(product_id: int, sql: str) -> None:
    first, second = book(product_id, 100), book(product_id, 90)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert (prices(first), prices(second)) == ({product_id: 100}, {product_id: 90})
    assert shelf_page(second).items[0].price_minor == 90


def test_books_published_at_the_same_moment_get_versions_of_their_own(
    on_postgresql: OnPostgresql, product_id: int
) -> None:
    drafts = [draft_book(shop_id=1, rates={"standard": 1900}) for _ in range(4)]
    for place, draft in enumerate(drafts):
        set_prices(draft_id=draft, prices={product_id: 100 + place})

    in_threads(on_postgresql, 4, lambda n: publish(drafts[n]) and None)

    versions = sorted(PriceBook.objects.values_list("version", flat=True))
    assert len(set(versions)) == 4
    assert None not in versions
    assert Price.objects.filter(to_version=None).count() == 1


def test_units_allotted_at_the_same_moment_are_never_more_than_are_free(
    on_postgresql: OnPostgresql, product_id: int
) -> None:
    refused: list[int] = []

    def ask(number: int) -> None:
        try:
            allot(1, product_id, 3)
        except StockShort:
            refused.append(number)

    in_threads(on_postgresql, 5, ask)

    assert len(refused) == 2
    assert Allotment.objects.values_list("granted", "taken").get() == (9, 0)
    assert StockLevel.objects.values_list("on_hand", "free").get() == (10, 1)


def test_sales_settled_at_the_same_moment_all_count(on_postgresql: OnPostgresql, product_id: int) -> None:
    allot(1, product_id, 10)

    in_threads(
        on_postgresql,
        5,
        lambda _: settle_sale(kiosk_id=1, epoch=1, lines=[(product_id, 2)], at=datetime.now(UTC)) and None,
    )

    assert Allotment.objects.values_list("granted", "taken").get() == (10, 10)
    assert StockLevel.objects.values_list("on_hand", "free").get() == (0, 0)
    assert stock_discrepancies() == []
