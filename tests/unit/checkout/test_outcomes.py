"""The orders stream: forward only on the kiosk, and a restored kiosk gets its own orders back."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from edgeshop.checkout.enums import NumberState
from edgeshop.checkout.models import Number, Order, Review
from edgeshop.checkout.services import decide_review
from edgeshop.checkout.services.numbers import end_numbers
from edgeshop.checkout.services.outcomes import apply, collect
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Record, Stream
from edgeshop.kernel import clock, events
from tests.factories.checkout import APPLE, BREAD, Browser, Cloud, HeldClock, number_of, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def forget_everything() -> None:
    """The disk of the kiosk is replaced by last night's."""
    Review.objects.all().delete()
    Order.objects.all().delete()
    Number.objects.all().delete()


def test_rows_in_any_order_and_number_leave_the_order_where_the_furthest_says(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order(tender="counter")).number
    base = {"key": number, "state": "sold", "why": "", "handover": "open", "acknowledged": 1, "reviews": []}
    rows = [
        base | {"delivery": "acknowledged", "payment": "due", "settled": None},
        base | {"delivery": "settled", "payment": "paid", "settled": 2},
        base | {"delivery": "settled", "payment": "cleared", "settled": 2, "handover": "handed_over"},
    ]

    for order in permutations(rows):
        for row in [*order, *order]:
            apply("orders/12", [row], [])
        found = Order.objects.get()
        assert (found.delivery, found.payment, found.handover) == ("settled", "cleared", "handed_over")
        assert found.acknowledged_at is not None
        Order.objects.all().delete()
        place(ada.order(tender="counter"))


def test_open_screens_hear_of_a_settled_order_once(
    ada: Browser, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(events, "publish", lambda kind, **payload: told.append((kind, payload)))
    number = place(ada.order()).number

    with django_capture_on_commit_callbacks(execute=True):
        cloud.contact()
        cloud.pull()

    assert [t for t in told if t[0] == "order.settled"] == [
        ("order.settled", {"number": number, "delivery": "settled"})
    ]


def test_a_decision_comes_home(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 2), total=1), slip_shown=True)
    cloud.contact()
    with cloud():
        decide_review(review_id=Review.objects.get().pk, decision="accept", by="cleo", at=clock.now())

    cloud.pull()

    review = Review.objects.get()
    assert (review.decision, review.decided_by, review.decided_at) == ("accept", "cleo", clock.now())
    assert Order.objects.get().delivery == "settled"


def test_a_question_that_a_restored_cloud_does_not_ask_any_more_goes_and_a_kiosks_own_stays(
    ada: Browser, cloud: Cloud
) -> None:
    number = place(ada.order((APPLE, 2), total=1), slip_shown=True).number
    row = {"key": number, "state": "sold", "why": "", "delivery": "acknowledged", "payment": "due", "handover": "open"}
    row |= {"acknowledged": 1, "settled": None}

    for reviews in ([["CHAIN_FORK", "", 1, "", "", None], ["OLD_EPOCH", "", 1, "accept", "cleo", 2]], []):
        apply("orders/12", [row | {"reviews": reviews}], [])

    assert set(Review.objects.values_list("reason", "decision")) == {("ENVELOPE_MISMATCH", ""), ("OLD_EPOCH", "accept")}


def test_a_restored_kiosk_gets_its_own_orders_back_whole(ada: Browser, cloud: Cloud) -> None:
    first = place(ada.order((APPLE, 2), (BREAD, 1)))
    place(ada.order((APPLE, 1), token=ada.tokens[1], total=3), slip_shown=True)
    cloud.contact()
    before = [everything(order) for order in Order.objects.order_by("number")]
    forget_everything()
    with cloud():
        Kiosk.objects.update(epoch=2)
    Stream.objects.filter(name="orders/12").update(seq=0)

    cloud.pull()

    assert [everything(order) for order in Order.objects.order_by("number")] == before
    assert Order.objects.get(number=first.number).receipt_key == first.receipt_key
    assert list(Review.objects.values_list("reason", flat=True)) == ["ENVELOPE_MISMATCH"]
    assert dict(Number.objects.values_list("seq", "state")) == {1: "sold", 2: "sold"}


def everything(order: Order) -> tuple[Any, ...]:
    """All of an order that a shopper or a bookkeeper can see."""
    lines = list(order.lines.values_list("position", "product_id", "name", "qty", "unit_minor", "rate_bp"))
    fields = [f.attname for f in Order._meta.concrete_fields if f.name not in {"envelope", "fact"}]
    return (*(getattr(order, name) for name in fields), lines)


def test_a_restored_kiosk_answers_a_late_copy_of_an_order_it_got_back(ada: Browser, cloud: Cloud) -> None:
    envelope = ada.order()
    first = place(envelope)
    cloud.contact()
    forget_everything()
    with cloud():
        Kiosk.objects.update(epoch=2)
    Stream.objects.filter(name="orders/12").update(seq=0)
    cloud.pull()
    facts = Record.objects.count()

    again = place(envelope, slip_shown=True)

    assert (again.receipt_key, again.delivery) == (first.receipt_key, "settled")
    assert (Order.objects.count(), Record.objects.count()) == (1, facts)


def test_how_a_number_ended_is_the_clouds_word_and_what_is_sold_here_stays_sold(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order()).number
    cloud.contact()
    with cloud():
        rows = collect("orders/12", [number])
    Number.objects.filter(pk=number).update(state=NumberState.EXPIRED, reason="reported_unspent")

    for told, then in [("unaccounted", "expired"), ("returned", "returned"), ("sold", "sold"), ("returned", "sold")]:
        apply("orders/12", [rows[0] | {"state": told}], [])
        assert Number.objects.get(pk=number).state == then


def test_a_restored_kiosk_that_ends_a_number_in_another_way_is_told_how_it_ended(ada: Browser, cloud: Cloud) -> None:
    number = number_of(ada.tokens[0])
    ada.fetch_tokens(0, unspent=[number])
    cloud.contact()
    Number.objects.filter(pk=number).update(state=NumberState.OUTSTANDING, ended_at=None)  # last night's disk

    end_numbers(numbers=[number], state=NumberState.UNACCOUNTED, reason="not_reported", at=clock.now())
    cloud.contact()

    assert Number.objects.get(pk=number).state == NumberState.RETURNED


def test_what_a_restored_cloud_takes_without_a_word_it_does_not_ask_about(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order()).number
    row = {"key": number, "state": "sold", "why": "", "delivery": "acknowledged", "payment": "due", "handover": "open"}
    row |= {"acknowledged": 1, "settled": None, "reviews": [["CLOCK_SUSPECT", "", 1, "", "", None]]}
    apply("orders/12", [row], [])

    cloud.contact()

    assert (Order.objects.get().delivery, Review.objects.count()) == ("settled", 0)


def test_orders_of_long_ago_stay_in_the_cloud(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> None:
    number = place(ada.order()).number
    cloud.contact()
    held_clock.move(days=91)

    with cloud():
        Kiosk.objects.update(epoch=2)
        rows = collect("orders/12", [number])

    assert ["order" in row for row in rows] == [False]


def test_another_kiosks_orders_are_not_told(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order()).number
    cloud.contact()

    with cloud():
        Kiosk.objects.create(pk=13, shop_id=3, name="Other")
        assert collect("orders/13", [number]) == []


@pytest.fixture
def three_orders(ada: Browser, cloud: Cloud) -> Iterator[list[str]]:
    """Three settled orders, in the cloud."""
    numbers = [place(ada.order((APPLE, 1), token=token)).number for token in ada.tokens]
    cloud.contact()
    with cloud():
        yield numbers


def test_a_page_asks_the_database_as_often_for_three_orders_as_for_one(
    three_orders: list[str], django_assert_num_queries: Any
) -> None:
    from django.db import connection

    for numbers in (three_orders[:1], three_orders):
        with django_assert_num_queries(5, connection=connection):
            assert len(collect("orders/12", numbers)) == len(numbers)
