"""Shelf pages: one price book, the right words, a fixed number of queries."""

from collections.abc import Callable
from typing import Any

import pytest

from edgeshop.catalog.models import Allotment, Category, Product, StockLevel
from edgeshop.catalog.queries import (
    Card,
    CategoryOut,
    card,
    cards,
    catalogue_version,
    categories,
    product_texts,
    shelf_page,
)
from edgeshop.catalog.services import receive_stock
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.services import changes, sequence
from edgeshop.kernel.errors import NotFound

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
Publish = Callable[..., int]


def test_a_card_says_everything_a_shelf_needs(goods: Goods, sell_at: Publish) -> None:
    texts = {"en": {"name": "Bread", "description": "Sour"}, "de": {"name": "Brot"}}
    (bread,) = goods(1, texts=texts, barcode="2001", colour="#aa7733", tax_class="reduced", image_sha256="a" * 64)
    book = sell_at([350], [bread])

    assert card(book, bread.pk, lang="en") == Card(
        product_id=bread.pk,
        category_id=bread.category_id,
        name="Bread",
        description="Sour",
        price_minor=350,
        tax_class="reduced",
        image_sha256="a" * 64,
        colour="#aa7733",
        policy="shelf",
        availability="in_stock",
        barcode="2001",
    )
    assert [card(book, bread.pk, lang=lang).name for lang in ("de", "ar")] == ["Brot", "Bread"]


def test_a_product_that_is_withdrawn_or_not_in_the_book_is_not_on_sale(goods: Goods, sell_at: Publish) -> None:
    a, b, c = goods(3)
    book = sell_at([100, 200], [a, b])
    Product.objects.filter(pk=b.pk).update(is_active=False)

    assert [found.product_id for found in cards(book)] == [a.pk]
    for absent in (b, c):
        with pytest.raises(NotFound):
            card(book, absent.pk)


def test_pages_follow_each_other_and_a_page_past_the_end_is_the_last(goods: Goods, sell_at: Publish) -> None:
    things = goods(5)
    other = Category.objects.create(slug="others")
    (apart,) = goods(1, category=other)
    book = sell_at([1, 2, 3, 4, 5, 6], [*things, apart])
    shelf = things[0].category_id

    pages = [shelf_page(book, category_id=shelf, page=n, size=2) for n in (1, 3, 9, 0)]

    assert [[item.price_minor for item in p.items] for p in pages] == [[1, 2], [5], [5], [1, 2]]
    assert [(p.page, p.pages, p.book) for p in pages] == [(1, 3, book), (3, 3, book), (3, 3, book), (1, 3, book)]
    assert shelf_page(book, size=10).items[-1].product_id == apart.pk
    empty = shelf_page(book, category_id=other.pk + 1)
    assert (empty.items, empty.pages) == ([], 1)


@pytest.mark.parametrize(
    ("policy", "free", "said"),
    [
        ("strict", None, "ask_staff"),
        ("strict", 0, "ask_staff"),
        ("strict", 5, "few_left"),
        ("strict", 6, "in_stock"),
        ("shelf", None, "in_stock"),
        ("shelf", -2, "ask_staff"),
        ("shelf", 1, "few_left"),
        ("backorder", 0, "in_stock"),
        ("untracked", None, "in_stock"),
    ],
)
def test_availability_on_the_cloud_follows_what_is_free(
    shop: Shop, goods: Goods, sell_at: Publish, policy: str, free: int | None, said: str
) -> None:
    (thing,) = goods(1, stock_policy=policy)
    book = sell_at([100], [thing])
    if free is not None:
        receive_stock(shop_id=shop.pk, product_id=thing.pk, qty=free)

    assert card(book, thing.pk).availability == said


def test_availability_on_a_kiosk_follows_its_own_allotment(on_kiosk: Kiosk, goods: Goods, sell_at: Publish) -> None:
    a, b = goods(2, stock_policy="strict")
    book = sell_at([100, 200], [a, b])
    StockLevel.objects.create(shop=on_kiosk.shop, product=b, free=50)
    Allotment.objects.create(kiosk=on_kiosk, epoch=1, product=a, granted=7, taken=1)

    assert [found.availability for found in cards(book)] == ["in_stock", "ask_staff"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("node", ["cloud", "kiosk"])
def test_a_shelf_page_takes_as_many_queries_for_three_products_as_for_one(
    request: pytest.FixtureRequest,
    goods: Goods,
    sell_at: Publish,
    django_assert_num_queries: Any,
    node: str,
    count: int,
) -> None:
    if node == "kiosk":
        request.getfixturevalue("on_kiosk")
    book = sell_at([100] * count, goods(count))

    with django_assert_num_queries({"cloud": 4, "kiosk": 6}[node]):
        page = shelf_page(book)

    assert len(page.items) == count


def test_long_lists_of_products_are_not_sent_to_the_database(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    (thing,) = goods(1)
    book = sell_at([100], [thing])
    Product.objects.bulk_create(
        [Product(sku=f"B{n}", category_id=thing.category_id, stock_policy="strict") for n in range(6000)]
    )
    bulk = Product.objects.filter(sku__startswith="B")
    book = sell_at([5] * 6000, list(bulk))

    assert len(cards(book)) == 6001


def test_categories_stand_in_their_order(db: None) -> None:
    for slug, position in (("b", 2), ("a", 1)):
        Category.objects.create(slug=slug, position=position, names={"en": slug.upper()})

    assert [(c.slug, c.names) for c in categories()] == [("a", {"en": "A"}), ("b", {"en": "B"})]
    assert isinstance(categories()[0], CategoryOut)


def test_texts_for_training_name_every_active_product(goods: Goods) -> None:
    a, b = goods(2)
    c = goods(1, texts={"de": {"name": "Brot", "description": "sauer"}})[0]
    Product.objects.filter(pk=b.pk).update(is_active=False)

    assert product_texts() == {a.pk: "Thing 1", c.pk: "Brot sauer"}


def test_the_catalogue_version_rises_with_every_numbered_change(db: None) -> None:
    before = catalogue_version()
    changes("catalogue", "p1", "p2")
    sequence()

    assert (before, catalogue_version()) == (0, 2)
