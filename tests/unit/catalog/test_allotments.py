"""Stock on the cloud: the sum holds through grants, sales, returns and losses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import Allotment, Product, StockLevel
from edgeshop.catalog.queries import Discrepancy, stock_discrepancies
from edgeshop.catalog.services import allot, declare_lost, hand_over, receive_stock, settle_return, settle_sale
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Change
from edgeshop.kernel.errors import InvalidInput

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def stocked(kiosk: Kiosk, goods: Goods) -> Product:
    """A strict product of which the shop has ten."""
    (thing,) = goods(1, stock_policy="strict")
    receive_stock(shop_id=kiosk.shop_id, product_id=thing.pk, qty=10)
    return thing


def level() -> tuple[int, int, int]:
    return StockLevel.objects.values_list("on_hand", "free", "committed").get()


def counters() -> list[tuple[int, int]]:
    return list(Allotment.objects.order_by("epoch").values_list("granted", "taken"))


def marks() -> list[tuple[str, str]]:
    return list(Change.objects.filter(stream__startswith="stock/").order_by("id").values_list("stream", "key"))


def test_allot_moves_free_units_to_the_kiosk_and_marks_them(kiosk: Kiosk, stocked: Product) -> None:
    assert [allot(kiosk.pk, stocked.pk, 4), allot(kiosk.pk, stocked.pk, 2)] == [4, 6]

    assert (level(), counters()) == ((10, 4, 0), [(6, 0)])
    assert marks() == [(f"stock/{kiosk.pk}", f"1/{stocked.pk}")] * 2
    assert stock_discrepancies() == []


def test_allot_refuses_more_than_is_free(kiosk: Kiosk, stocked: Product) -> None:
    with pytest.raises(StockShort) as refusal:
        allot(kiosk.pk, stocked.pk, 11)
    with pytest.raises(InvalidInput):
        allot(kiosk.pk, stocked.pk, 0)

    assert refusal.value.fields == {"product_id": stocked.pk, "wanted": 11, "available": 10}
    assert (level(), counters(), marks()) == ((10, 10, 0), [], [])


def test_a_sale_of_an_allotted_unit_leaves_free_alone(kiosk: Kiosk, stocked: Product) -> None:
    allot(kiosk.pk, stocked.pk, 4)

    assert settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(stocked.pk, 1), (stocked.pk, 2)], at=NOON) == []

    assert (level(), counters()) == ((7, 6, 0), [(4, 3)])
    assert len(marks()) == 1
    assert stock_discrepancies() == []


def test_a_strict_sale_beyond_the_allotment_is_named_and_comes_from_free(kiosk: Kiosk, stocked: Product) -> None:
    allot(kiosk.pk, stocked.pk, 1)

    assert settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(stocked.pk, 3)], at=NOON) == [stocked.pk]

    assert (level(), counters()) == ((7, 7, 0), [(3, 3)])
    assert len(marks()) == 2
    assert stock_discrepancies() == []


def test_goods_from_the_shelf_come_from_free_and_may_go_below_zero(kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1)
    receive_stock(shop_id=kiosk.shop_id, product_id=thing.pk, qty=2)

    assert settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(thing.pk, 3)], at=NOON) == []

    assert (level(), counters(), marks()) == ((-1, -1, 0), [], [])
    assert stock_discrepancies() == [Discrepancy(kiosk.shop_id, thing.pk, "negative", -1, -1)]


def test_allotted_goods_from_the_shelf_count_on_the_allotment(kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1)
    receive_stock(shop_id=kiosk.shop_id, product_id=thing.pk, qty=9)
    allot(kiosk.pk, thing.pk, 2)

    assert settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(thing.pk, 3)], at=NOON) == []

    assert (level(), counters()) == ((6, 6, 0), [(3, 3)])
    assert stock_discrepancies() == []


def test_untracked_and_unknown_products_are_not_counted(kiosk: Kiosk, goods: Goods) -> None:
    (service,) = goods(1, stock_policy="untracked")

    assert settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(service.pk, 3), (4711, 1)], at=NOON) == []

    assert not StockLevel.objects.exists()


def test_goods_not_handed_over_stay_as_committed(kiosk: Kiosk, stocked: Product) -> None:
    allot(kiosk.pk, stocked.pk, 4)
    settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(stocked.pk, 2)], at=NOON, handed_over=False)
    before = level()

    hand_over(shop_id=kiosk.shop_id, lines=[(stocked.pk, 2)])

    assert (before, level()) == ((10, 6, 2), (8, 6, 0))
    assert stock_discrepancies() == []


def test_the_time_of_the_last_sale_only_moves_forward(kiosk: Kiosk, stocked: Product) -> None:
    for hours in (0, 2, 1):
        settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(stocked.pk, 1)], at=NOON + timedelta(hours=hours))

    assert StockLevel.objects.get().sold_at == NOON + timedelta(hours=2)


def test_a_return_frees_units_once(kiosk: Kiosk, stocked: Product) -> None:
    allot(kiosk.pk, stocked.pk, 4)

    for _ in range(2):
        settle_return(return_id=UUID(int=7), kiosk_id=kiosk.pk, epoch=1, lines=[(stocked.pk, 3)])

    assert (level(), counters()) == ((10, 9, 0), [(4, 3)])
    assert stock_discrepancies() == []


def test_only_after_a_holder_is_declared_lost_can_a_strict_unit_be_sold_twice(kiosk: Kiosk, stocked: Product) -> None:
    allot(kiosk.pk, stocked.pk, 10)

    assert declare_lost(kiosk_id=kiosk.pk, epoch=1) == 10
    assert (level(), counters()) == ((10, 10, 0), [(10, 10)])
    assert stock_discrepancies() == []

    assert Kiosk.objects.get().epoch == 2
    allot(kiosk.pk, stocked.pk, 10)
    assert settle_sale(kiosk_id=kiosk.pk, epoch=2, lines=[(stocked.pk, 10)], at=NOON) == []
    assert settle_sale(kiosk_id=kiosk.pk, epoch=1, lines=[(stocked.pk, 1)], at=NOON) == [stocked.pk]
    assert stock_discrepancies() == [Discrepancy(kiosk.shop_id, stocked.pk, "negative", -1, -1)]


def test_an_epoch_that_is_over_is_declared_lost_without_ending_the_present_one(kiosk: Kiosk, stocked: Product) -> None:
    allot(kiosk.pk, stocked.pk, 10)
    Kiosk.objects.update(epoch=2)

    assert declare_lost(kiosk_id=kiosk.pk, epoch=1) == 10
    assert Kiosk.objects.get().epoch == 2


def test_the_check_names_stock_that_does_not_add_up(kiosk: Kiosk, stocked: Product) -> None:
    StockLevel.objects.update(free=3)
    (other,) = Product.objects.bulk_create([Product(sku="X", category_id=stocked.category_id)])
    Allotment.objects.create(kiosk=kiosk, epoch=1, product=other, granted=1)

    assert stock_discrepancies() == [
        Discrepancy(kiosk.shop_id, stocked.pk, "unbalanced", 10, 3),
        Discrepancy(kiosk.shop_id, other.pk, "unbalanced", 0, 1),
    ]
