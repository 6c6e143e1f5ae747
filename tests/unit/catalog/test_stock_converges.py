"""Stock between a real cloud and a real kiosk: whatever arrives late, twice or out of order, a sale is never undone."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import Allotment, Category, Product
from edgeshop.catalog.queries import stock_discrepancies
from edgeshop.catalog.services import allot, lend_share, receive_stock, return_share, settle_sale, take_stock
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.registry import source_of

pytestmark = pytest.mark.unit
OtherNode = Callable[[], AbstractContextManager[None]]
SEAT = UUID(int=1)
STRICT, SHELF = 1, 2
RECEIVED = 20
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("allot"), st.sampled_from([STRICT, SHELF]), st.integers(1, 4)),
        st.tuples(st.just("sell"), st.sampled_from([STRICT, SHELF]), st.integers(1, 3)),
        st.tuples(st.just("lend"), st.just(STRICT), st.integers(1, 3)),
        st.tuples(st.just("unlend"), st.just(STRICT), st.just(0)),
        st.tuples(st.just("deliver"), st.just(0), st.integers(0, 30)),
        st.tuples(st.just("settle"), st.just(0), st.just(0)),
    ),
    max_size=30,
)


@dataclass
class World:
    """A cloud, a kiosk, every page that is under way, and every sale that the cloud has not heard of."""

    other: OtherNode
    pages: list[list[dict[str, Any]]] = field(default_factory=list)
    unsettled: list[tuple[int, int]] = field(default_factory=list)
    sold: Counter[int] = field(default_factory=Counter)

    def allot(self, product: int, qty: int) -> None:
        try:
            allot(1, product, qty)
        except StockShort:
            return
        source = source_of("stock/1")
        assert source is not None
        self.pages.append(source.collect("stock/1", [f"1/{product}"]))

    def deliver(self, _product: int, which: int) -> None:
        source = source_of("stock/1")
        assert source is not None
        if self.pages:
            with self.other():
                source.apply("stock/1", self.pages[which % len(self.pages)], [])

    def sell(self, product: int, qty: int) -> None:
        with self.other():
            try:
                oversold = take_stock([(product, qty)], seat_id=SEAT)
            except StockShort:
                return
        assert oversold == []
        self.sold[product] += qty
        self.unsettled.append((product, qty))

    def lend(self, product: int, qty: int) -> None:
        with self.other():
            try:
                lend_share(seat_id=SEAT, product_id=product, qty=qty)
            except StockShort:
                return

    def unlend(self, product: int, _qty: int) -> None:
        with self.other():
            return_share(seat_id=SEAT, product_id=product)

    def settle(self, _product: int, _qty: int) -> None:
        if self.unsettled:
            assert settle_sale(kiosk_id=1, epoch=1, lines=[self.unsettled.pop(0)], at=datetime.now(UTC)) == []


def furnish() -> None:
    """The same shop on either node, with nothing sold or granted."""
    shop = Shop.objects.create(pk=1, name="Corner", currency="EUR")
    Kiosk.objects.create(pk=1, shop=shop, name="Till", epoch=1, is_self=True)
    shelf = Category.objects.create(pk=1, slug="things")
    Product.objects.create(pk=STRICT, sku="strict", category=shelf, stock_policy="strict")
    Product.objects.create(pk=SHELF, sku="shelf", category=shelf, stock_policy="shelf")


def counters(product: int) -> tuple[int, int]:
    return Allotment.objects.filter(product=product).values_list("granted", "taken").first() or (0, 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_late_answers_never_overwrite_a_sale(
    on_second_node: OtherNode, wipe: Callable[[], None], steps: list[tuple[str, int, int]]
) -> None:
    world = World(on_second_node)
    with on_second_node():
        wipe()
        furnish()
    wipe()
    furnish()
    for product in (STRICT, SHELF):
        receive_stock(shop_id=1, product_id=product, qty=RECEIVED)

    for verb, product, number in steps:
        getattr(world, verb)(product, number)
        _check(world)
    for which in reversed(range(len(world.pages))):
        world.deliver(0, which)
    while world.unsettled:
        world.settle(0, 0)

    _check(world)
    with on_second_node():
        at_kiosk = counters(STRICT)
    assert at_kiosk == counters(STRICT)


def _check(world: World) -> None:
    """Nothing strict is oversold, no sale is forgotten, and the cloud's sum holds."""
    with world.other():
        granted, taken = counters(STRICT)
    granted_by_cloud, taken_by_cloud = counters(STRICT)
    assert taken == world.sold[STRICT]
    assert taken_by_cloud <= taken <= granted <= granted_by_cloud <= RECEIVED
    assert [found for found in stock_discrepancies() if found.kind == "unbalanced"] == []


def test_the_two_nodes_are_two(on_second_node: OtherNode) -> None:
    furnish()
    with on_second_node():
        furnish()
        Product.objects.filter(pk=SHELF).delete()

    assert Product.objects.count() == 2


def test_an_old_page_leaves_both_counters_alone(on_second_node: OtherNode) -> None:
    with on_second_node():
        furnish()
    furnish()
    receive_stock(shop_id=1, product_id=STRICT, qty=RECEIVED)
    world = World(on_second_node)
    world.allot(STRICT, 2)
    world.allot(STRICT, 3)
    world.deliver(0, 1)
    world.sell(STRICT, 3)

    world.deliver(0, 0)

    with on_second_node():
        assert counters(STRICT) == (5, 3)
