"""Stock on a kiosk: allotments, shares, and goods in the shopper's hand."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest

from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import Allotment, Product, Share, StockLevel, StockReturn
from edgeshop.catalog.queries import available_units, stock_discrepancies
from edgeshop.catalog.services import (
    allot,
    lend_share,
    receive_stock,
    return_share,
    return_stock,
    take_stock,
)
from edgeshop.catalog.streams import STOCK
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Record
from edgeshop.journal.registry import handler_of
from edgeshop.journal.services import open_chain
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.facts import Fact

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
ADA, CLEO = UUID(int=1), UUID(int=2)


def granted(kiosk: Kiosk, product: Product, units: int, epoch: int = 1) -> Allotment:
    return Allotment.objects.create(kiosk=kiosk, epoch=epoch, product=product, granted=units)


def counts(model: type[Allotment] | type[Share] = Allotment) -> list[tuple[int, int]]:
    return list(model.objects.order_by("id").values_list("granted", "taken"))


def test_a_strict_product_sells_down_to_the_last_unit_of_the_allotment(on_kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(on_kiosk, thing, 3)

    assert take_stock([(thing.pk, 1), (thing.pk, 2)]) == []
    with pytest.raises(StockShort) as refusal:
        take_stock([(thing.pk, 1)])

    assert refusal.value.fields == {"product_id": thing.pk, "wanted": 1, "available": 0}
    assert counts() == [(3, 3)]


def test_goods_from_the_shelf_are_never_refused_and_counted_where_allotted(on_kiosk: Kiosk, goods: Goods) -> None:
    counted, uncounted, service = goods(1) + goods(1) + goods(1, stock_policy="untracked")
    granted(on_kiosk, counted, 1)

    assert take_stock([(counted.pk, 3), (uncounted.pk, 2), (service.pk, 9)]) == []

    assert list(Allotment.objects.values_list("product", "taken")) == [(counted.pk, 3)]


def test_goods_that_a_new_disk_does_not_know_yet_are_counted(on_kiosk: Kiosk, goods: Goods) -> None:
    (shelf,) = goods(1)
    assert take_stock([(777, 2)], offline=True) == []
    assert available_units(on_kiosk.shop_id, [777, shelf.pk]) == {}

    STOCK.apply(f"stock/{on_kiosk.pk}", [{"key": "1/777", "granted": 3}], [])

    assert available_units(on_kiosk.shop_id, [777]) == {777: 1}


def test_lent_units_are_kept_for_their_seat(on_kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(on_kiosk, thing, 3)
    lend_share(seat_id=ADA, product_id=thing.pk, qty=2)

    with pytest.raises(StockShort) as refusal:
        take_stock([(thing.pk, 2)], seat_id=CLEO)
    take_stock([(thing.pk, 3)], seat_id=ADA)

    assert refusal.value.fields["available"] == 1
    assert counts() == [(3, 3)]
    assert counts(Share) == [(2, 2)]
    assert available_units(on_kiosk.shop_id, [thing.pk]) == {thing.pk: 0}


def test_an_offline_sale_takes_the_seats_share_without_asking(on_kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(on_kiosk, thing, 1)
    lend_share(seat_id=ADA, product_id=thing.pk, qty=1)

    assert take_stock([(thing.pk, 1)], seat_id=ADA, offline=True) == []
    assert take_stock([(thing.pk, 1)], seat_id=CLEO, offline=True) == [thing.pk]

    assert counts() == [(1, 2)]
    assert counts(Share) == [(1, 1)]


def test_a_share_is_lent_only_from_unlent_units_of_strict_products(on_kiosk: Kiosk, goods: Goods) -> None:
    strict, shelf = goods(1, stock_policy="strict") + goods(1)
    granted(on_kiosk, strict, 2)
    lend_share(seat_id=ADA, product_id=strict.pk, qty=1)

    with pytest.raises(StockShort) as refusal:
        lend_share(seat_id=CLEO, product_id=strict.pk, qty=2)
    with pytest.raises(InvalidInput):
        lend_share(seat_id=CLEO, product_id=shelf.pk, qty=1)

    assert refusal.value.fields == {"product_id": strict.pk, "wanted": 2, "available": 1}
    assert counts(Share) == [(1, 0)]


def test_a_returned_share_can_be_lent_again(on_kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(on_kiosk, thing, 2)
    lend_share(seat_id=ADA, product_id=thing.pk, qty=2)

    assert return_share(seat_id=ADA, product_id=thing.pk) == 2
    assert return_share(seat_id=ADA, product_id=thing.pk) == 0
    assert lend_share(seat_id=CLEO, product_id=thing.pk, qty=2).granted == 2
    with pytest.raises(StockShort):
        return_share(seat_id=CLEO, product_id=thing.pk, qty=3)


def test_a_restored_disk_sells_nothing_strict_until_its_new_epoch(on_kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(on_kiosk, thing, 3)
    Kiosk.objects.update(is_epoch_stale=True)

    with pytest.raises(StockShort):
        take_stock([(thing.pk, 1)])
    assert available_units(on_kiosk.shop_id, [thing.pk]) == {}

    Kiosk.objects.update(is_epoch_stale=False, epoch=2)
    with pytest.raises(StockShort):
        take_stock([(thing.pk, 1)])
    assert counts() == [(3, 0)]


def test_a_late_order_of_an_old_epoch_is_taken_from_that_epoch(on_kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(on_kiosk, thing, 3)
    Kiosk.objects.update(epoch=2)
    granted(on_kiosk, thing, 1, epoch=2)

    assert take_stock([(thing.pk, 2)], offline=True, epoch=1) == []

    assert counts() == [(3, 2), (1, 0)]


def test_returned_stock_is_free_again_on_the_cloud_once(kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    receive_stock(shop_id=kiosk.shop_id, product_id=thing.pk, qty=10)
    allot(kiosk.pk, thing.pk, 4)
    open_chain(device_id=kiosk.pk, epoch=1)

    return_stock(product_id=thing.pk, qty=3)

    fact = Record.objects.get()
    Allotment.objects.update(taken=0)  # what the cloud knows of the counter before it hears the fact
    handler = handler_of(fact.kind)
    assert handler is not None
    for _ in range(2):
        body = json.loads(bytes(fact.body))
        handler(Fact(kiosk.pk, 1, fact.seq, fact.kind, bytes(fact.body), bytes(fact.chain)), body)
    assert counts() == [(4, 3)]
    assert StockLevel.objects.values_list("on_hand", "free").get() == (10, 9)
    assert StockReturn.objects.count() == 1
    assert stock_discrepancies() == []


def test_only_unlent_units_go_back_to_the_cloud(kiosk: Kiosk, goods: Goods) -> None:
    (thing,) = goods(1, stock_policy="strict")
    granted(kiosk, thing, 2)
    lend_share(seat_id=ADA, product_id=thing.pk, qty=1)
    open_chain(device_id=kiosk.pk, epoch=1)

    with pytest.raises(StockShort):
        return_stock(product_id=thing.pk, qty=2)

    assert counts() == [(2, 0)]
    assert not Record.objects.exists()
