"""The streams: what the cloud collects is what the kiosk has after applying it, however often."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from edgeshop.catalog.models import Allotment, Category, Price, PriceBook, Product
from edgeshop.catalog.queries import current_book, prices
from edgeshop.catalog.services import allot, receive_stock
from edgeshop.catalog.services.goods import save_category
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.services import apply_page, changes, cursors, page, sequence
from edgeshop.journal.services.pages import Page
from edgeshop.kernel import clock

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
Publish = Callable[..., int]
OtherNode = Callable[[], AbstractContextManager[None]]


def empty_kiosk(shop_id: int, kiosk_id: int = 1) -> None:
    """A kiosk of the shop that has just been enrolled."""
    shop = Shop.objects.create(pk=shop_id, name="Corner", currency="EUR")
    Kiosk.objects.create(pk=kiosk_id, shop=shop, name="Till", epoch=1, is_self=True)


def pages_of(stream: str, limit: int, audience: int = 0) -> list[Page]:
    """Everything a new reader is sent, as it comes out of the wire."""
    sequence()
    told: list[Page] = []
    seq = 0
    while found := page(stream=stream, epoch=1, seq=seq, limit=limit, audience=audience):
        rows: list[dict[str, Any]] = json.loads(json.dumps(found.rows))
        told.append(Page(found.stream, found.epoch, found.seq, rows, found.gone, found.more))
        seq = found.seq
    return told


def state() -> list[Any]:
    return [
        list(Category.objects.order_by("id").values()),
        list(Product.objects.order_by("id").values()),
        list(
            Price.objects.order_by("from_version", "product").values(
                "product", "from_version", "to_version", "unit_minor"
            )
        ),
        list(PriceBook.objects.order_by("version").values("version", "state", "published_at", "valid_from", "rates")),
    ]


def test_catalogue_and_prices_arrive_as_they_are_page_by_page_and_twice(
    shop: Shop, goods: Goods, sell_at: Publish, on_second_node: OtherNode
) -> None:
    a, b, c = goods(3, texts={"ar": {"name": "خبز"}})
    changes("catalogue", *(f"p{product.pk}" for product in (a, b, c)))
    save_category(Category.objects.get())  # after its products: they arrive on an earlier page
    sell_at([100, 200, 300], [a, b, c])
    sell_at([110, None], [a, b], valid_from=clock.now() + timedelta(hours=1), note="evening")
    told = pages_of("catalogue", 2) + pages_of("prices", 1, shop.pk)
    here = state()

    with on_second_node():
        empty_kiosk(shop.pk)
        for received in [*told, *told]:
            apply_page(received)
        there = (state(), current_book(shop.pk), prices(2), cursors())

    assert len(told) == 4
    assert there == (here, 1, {a.pk: 110, c.pk: 300}, {"catalogue": (1, 4), "prices": (1, 2)})


def test_books_of_other_shops_are_left_out_on_a_kiosk(
    shop: Shop, goods: Goods, sell_at: Publish, on_second_node: OtherNode
) -> None:
    (thing,) = goods(1)
    other = Shop.objects.create(name="Harbour", currency="JPY", exponent=0)
    sell_at([100], [thing])
    sell_at([90], [thing], shop_id=other.pk)
    sell_at([110], [thing])
    told = pages_of("prices", 10, shop.pk)

    with on_second_node():
        empty_kiosk(shop.pk)
        for received in told:
            apply_page(received)
        assert list(PriceBook.objects.order_by("version").values_list("version", flat=True)) == [1, 3]
        assert prices(3) == {thing.pk: 110}


def test_a_product_that_is_gone_is_no_longer_sold(shop: Shop, goods: Goods, on_second_node: OtherNode) -> None:
    (thing,) = goods(1)
    with on_second_node():
        empty_kiosk(shop.pk)
        shelf = Category.objects.create(slug="x")
        Product.objects.create(pk=thing.pk, sku="x", category=shelf)

        apply_page(Page("catalogue", 1, 1, [], [f"p{thing.pk}"], more=False))

        assert Product.objects.get().is_active is False


def test_grants_arrive_on_the_kiosks_own_stream_even_before_their_product(
    kiosk: Kiosk, goods: Goods, on_second_node: OtherNode
) -> None:
    (thing,) = goods(1, stock_policy="strict")
    receive_stock(shop_id=kiosk.shop_id, product_id=thing.pk, qty=9)
    allot(kiosk.pk, thing.pk, 2)
    allot(kiosk.pk, thing.pk, 3)
    told = pages_of(f"stock/{kiosk.pk}", 10)

    with on_second_node():
        empty_kiosk(kiosk.shop_id, kiosk.pk)
        for received in [*told, *told]:
            apply_page(received)
        assert list(Allotment.objects.values_list("kiosk", "epoch", "product", "granted", "taken")) == [
            (kiosk.pk, 1, thing.pk, 5, 0)
        ]
        apply_page(Page(f"stock/{kiosk.pk}", 1, 9, [], [f"1/{thing.pk}"], more=False))
        assert Allotment.objects.count() == 1
