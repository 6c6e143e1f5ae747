"""Killing the kiosk at twenty random points during two hundred orders loses, doubles or changes none of them."""

import pytest

from edgeshop.qa import sabotage
from edgeshop.qa.faults import Links
from edgeshop.qa.node import Node
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk
from tests.e2e.ledger import Entry, Ledger
from tests.e2e.release import web_from
from tests.integration.checkout_faults.crowd import Counted, Crowd, count, persistently

pytestmark = pytest.mark.integration

_SEED, _ORDERS, _SEATS, _PULLS = 20261123, 200, 5, 20


def test_twenty_kills_during_two_hundred_orders_lose_double_and_change_none(cloud: Node, kiosk: Kiosk):
    ledger, shop = Ledger(cloud), Ledger(kiosk)
    crowd, epoch = Crowd(kiosk, seed=_SEED, orders=_ORDERS, seats=_SEATS, pulls=_PULLS), epoch_of(shop)

    told = crowd.sell()
    kiosk.wait_until(lambda: kiosk.unsent() == 0, what="empty outbox", timeout_s=180)
    settled = ledger.settle(*told, timeout_s=180)

    assert (crowd.plug.pulled, len(told)) == (_PULLS, _ORDERS)
    assert count(told, settled) == Counted()
    kiosk.wait_until(lambda: count(told, shop.new()) == Counted(), what="acknowledgement of every order", timeout_s=90)
    assert gaps(ledger, shop) == []
    assert epoch_of(shop) == epoch
    first, *others = sorted(told)
    assert count({number: told[number] for number in others}, settled) == Counted(duplicated=[first])


def test_a_kiosk_without_idempotency_is_caught_by_the_same_count(cloud: Node, kiosk: Kiosk, links: Links):
    ledger, told = Ledger(cloud), {}
    with web_from(kiosk, sabotage.path_for("idempotency")):
        seat = Seat(kiosk.front.url)
        for product_id in seat.sellable(3, policy="shelf"):
            order = seat.freeze((product_id, 1))
            links.front.lose_answers(1, path="/api/orders")
            number = persistently(lambda order=order: seat.place(order, slip_shown=True))["number"]
            unit = seat.prices().unit_minor[product_id]
            told[number] = Entry(unit, "cash", {product_id: (1, unit)}, "settled")
    kiosk.wait_until(lambda: kiosk.unsent() == 0, what="empty outbox", timeout_s=90)

    counted = count(told, ledger.settle(*told))

    assert (counted.lost, len(counted.duplicated), counted.changed) == ([], 3, [])


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"1": Entry(5, "cash", {7: (1, 5)}, "settled")}, Counted()),
        ({}, Counted(duplicated=["1"])),
        ({"1": Entry(5, "cash", {7: (1, 5)}, "settled"), "2": Entry(1, "cash", {}, "settled")}, Counted(lost=["2"])),
        ({"1": Entry(5, "cash", {7: (5, 1)}, "settled")}, Counted(changed=["1"])),
    ],
)
def test_the_count_names_what_is_wrong(told: dict[str, Entry], counted: Counted):
    assert count(told, {"1": Entry(5, "cash", {7: (1, 5)}, "settled")}) == counted


def gaps(ledger: Ledger, shop: Ledger) -> list[str]:
    """Numbers that the kiosk has drawn and the cloud has never heard of."""
    # a number beyond is not this kiosk's drawing: it came with an order, or back from the cloud
    drawn = shop.ask(
        "SELECT n.number FROM checkout_number n JOIN checkout_allocator a"
        " ON a.kiosk_id = n.kiosk_id AND a.epoch = n.epoch AND a.last_seq >= n.seq"
    )
    known = set(ledger.ask("SELECT number FROM checkout_number"))
    assert [(len(drawn),)] == shop.ask("SELECT SUM(last_seq) FROM checkout_allocator")
    return sorted(number for (number,) in set(drawn) - known)


def epoch_of(shop: Ledger) -> list[tuple[int]]:
    """The kiosk's own epoch; a power cut is no reason for another."""
    return shop.ask("SELECT epoch FROM fleet_kiosk WHERE is_self")
