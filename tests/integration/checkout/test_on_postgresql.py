"""The ledger on PostgreSQL: the same rules in the database, the same outcomes for the kiosk."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from edgeshop.catalog.queries import stock_discrepancies
from edgeshop.checkout.models import Number, Order, OrderLine, Review, Transition
from edgeshop.checkout.services import decide_review, move_order, sweep_numbers
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Stream
from edgeshop.journal.registry import Outcome
from edgeshop.kernel import clock
from tests.factories.checkout import APPLE, BREAD, Browser, Cloud, HeldClock, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_orders_settle_or_wait_and_a_decision_comes_home(ada: Browser, cloud: Cloud) -> None:
    place(ada.order((APPLE, 2), (BREAD, 1)))
    place(ada.order((APPLE, 2), token=ada.tokens[1], total=1), slip_shown=True)

    outcomes = cloud.contact()

    assert outcomes == [Outcome(), Outcome(), Outcome("review", ["ENVELOPE_MISMATCH"])]
    with cloud():
        assert connection.vendor == "postgresql"
        assert dict(Order.objects.values_list("number__seq", "delivery")) == {1: "settled", 2: "acknowledged"}
        assert dict(Number.objects.values_list("seq", "state")) == {1: "sold", 2: "sold", 3: "outstanding"}
        assert stock_discrepancies() == []
        decide_review(review_id=Review.objects.get().pk, decision="accept", by="cleo", at=clock.now())
    cloud.pull()
    assert set(Order.objects.values_list("delivery", flat=True)) == {"settled"}


CHEAPER = {"total_minor": 1, "net_minor": 1, "tax_minor": 0}


@pytest.mark.parametrize("step_back", [{"delivery": "committed"}, {"payment": "due"}, {"handover": "open"}, CHEAPER])
def test_the_database_refuses_a_step_back_and_new_content(
    ada: Browser, cloud: Cloud, step_back: dict[str, Any]
) -> None:
    place(ada.order())
    cloud.contact()

    with cloud():
        before = Order.objects.values().get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.update(**step_back)
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.update(qty=9)
        assert Order.objects.values().get() == before
        assert Transition.objects.count() == 10


def test_a_step_forward_is_taken(ada: Browser, cloud: Cloud) -> None:
    number = place(ada.order(tender="counter")).number
    move_order(number=number, payment="cleared", handover="handed_over", by="ben", at=clock.now())

    cloud.contact()

    with cloud():
        order = Order.objects.get()
        assert (order.delivery, order.payment, order.handover) == ("settled", "cleared", "handed_over")


def test_numbers_end_and_a_restored_kiosk_gets_its_orders_back(
    ada: Browser, cloud: Cloud, held_clock: HeldClock
) -> None:
    place(ada.order())
    cloud.contact()
    Order.objects.all().delete()
    Number.objects.all().delete()
    held_clock.move(hours=13)
    with cloud():
        Kiosk.objects.update(epoch=2)
        assert sweep_numbers(at=clock.now()) == ["3-12-1-2", "3-12-1-3"]
    Stream.objects.filter(name="orders/12").update(seq=0)

    cloud.pull()

    assert Order.objects.get().delivery == "settled"
    assert Order.objects.get().lines.get().name == "Apple"
