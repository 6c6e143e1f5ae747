"""A whole stack of real processes: it sells, it breaks in every way the fixtures offer, and nothing is lost."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests

from edgeshop.qa.faults import Links, Power
from edgeshop.qa.movable_clock import MovableClock
from edgeshop.qa.node import Node, Part
from edgeshop.qa.seat import Refused, Seat
from edgeshop.qa.stack import Kiosk, Stack

pytestmark = pytest.mark.integration


@pytest.fixture
def seat(kiosk: Kiosk) -> Seat:
    return Seat(kiosk.front.url)


def until(holds: Callable[[], bool], timeout_s: float = 30) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.1)


def total(cloud: Node) -> int:
    return int(cloud.get("/sync/status")["orders"]["total"])


def is_settled(seat: Seat, number: str) -> bool:
    return seat.where(number)["delivery"] == "settled"


def test_a_sale_travels_from_a_seat_to_the_ledger(cloud, seat):
    before = total(cloud)

    order = seat.sell((seat.sellable()[0], 1))
    until(lambda: is_settled(seat, order["number"]))

    assert (order["delivery"], order["review"]) == ("committed", None)
    assert total(cloud) == before + 1


def test_with_the_back_link_down_the_kiosk_sells_and_the_order_settles_after_healing(cloud, kiosk, links, seat):
    before = total(cloud)
    links.back.down()

    order = seat.sell((seat.sellable()[0], 1))
    waiting = (kiosk.unsent() > 0, seat.where(order["number"])["delivery"], total(cloud))
    links.heal()
    until(lambda: is_settled(seat, order["number"]))

    assert waiting == (True, "committed", before)
    assert total(cloud) == before + 1


def test_with_the_front_link_down_no_request_arrives(kiosk, links, seat):
    seat.draw()
    order = seat.freeze((seat.sellable()[0], 1))
    links.cut()

    with pytest.raises(requests.ConnectionError):
        seat.place(order)

    links.heal()
    assert seat.place(order)["delivery"] == "committed"


def test_a_lost_answer_at_pay_makes_one_order(cloud, links, seat):
    before = total(cloud)
    order = seat.freeze((seat.sellable()[0], 1))
    links.front.lose_answers(1, path="/api/orders")

    with pytest.raises(requests.ConnectionError):
        seat.place(order)
    answer = seat.place(order)
    until(lambda: is_settled(seat, answer["number"]))

    assert links.front.answers_lost == 1
    assert total(cloud) == before + 1


def test_an_order_survives_the_pulled_plug(cloud, kiosk, links, power, seat):
    before = total(cloud)
    links.back.down()
    order = seat.sell((seat.sellable()[0], 1))

    power.pull(kiosk)
    with pytest.raises(requests.ConnectionError):
        seat.where(order["number"])
    power.restore(kiosk)
    links.heal()
    until(lambda: is_settled(seat, order["number"]))

    assert total(cloud) == before + 1


def test_work_that_redis_forgot_is_found_again(kiosk, links, power, seat):
    links.back.down()
    order = seat.sell((seat.sellable()[0], 1))

    kiosk.redis.flush()
    power.cycle(kiosk, Part.REDIS)
    links.heal()

    until(lambda: is_settled(seat, order["number"]))


def test_the_clock_moves_every_process(clock, seat):
    seat.draw()
    clock.forward(timedelta(hours=13))

    with pytest.raises(Refused) as refusal:
        seat.sell((seat.sellable()[0], 1))

    assert refusal.value.fields["refusal"] == "checkout.token_invalid"


@pytest.mark.fresh_stack
def test_a_fresh_stack_has_sold_nothing(cloud, seat):
    assert total(cloud) == 0

    assert seat.sell((seat.sellable()[0], 1))["number"].endswith("-1")


def test_another_kiosk_sells_beside_the_first(stack: Stack, cloud, seat):
    before = total(cloud)

    other = Seat(stack.add_kiosk().front.url)
    numbers = [one.sell((one.sellable()[0], 1))["number"] for one in (seat, other)]
    until(lambda: total(cloud) == before + 2)

    assert [number.split("-")[1] for number in numbers] == ["1", "2"]


def test_after_a_test_has_broken_things_the_next_finds_them_whole(
    stack: Stack, links: Links, power: Power, kiosk: Kiosk, clock: MovableClock
):
    links.cut()
    power.pull(kiosk)
    clock.forward(timedelta(hours=1))

    stack.heal()

    assert {link.mode for link in stack.links} == {"up"}
    assert all(kiosk.running().values())
    assert clock.offset == timedelta()
