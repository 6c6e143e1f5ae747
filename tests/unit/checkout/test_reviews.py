"""Reviews: the cloud decides, a kiosk proposes; orders stay as they were."""

from typing import Any

import pytest

from edgeshop.checkout.errors import NotLedger, RefundTooLarge, ReviewClosed
from edgeshop.checkout.models import Order, Refund, Review, Void
from edgeshop.checkout.services import decide_review, give_back, propose_decision
from edgeshop.journal.models import Change
from edgeshop.kernel import clock
from tests.factories.checkout import APPLE, Browser, Cloud, HeldClock, place
from tests.factories.fleet import make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def odd_order(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> str:
    """An order with two open reviews, here and in the cloud; answers its number."""
    held_clock.move(hours=13)
    number = place(ada.order((APPLE, 2), total=499), slip_shown=True).number
    cloud.contact()
    return number


def decide(reason: str, decision: str, **more: Any) -> str:
    """Cleo decides in the cloud; answers where the order stands."""
    review = Review.objects.get(reason=reason)
    return decide_review(review_id=review.pk, decision=decision, by="cleo", at=clock.now(), **more)


def test_the_last_decision_settles_the_order(odd_order: str, cloud: Cloud) -> None:
    with cloud():
        assert decide("TOKEN_EXPIRED", "accept") == "acknowledged"
        assert decide("ENVELOPE_MISMATCH", "accept", note="seen") == "settled"

        order = Order.objects.get()
        assert (order.delivery, order.settled_at, order.total_minor) == ("settled", clock.now(), 499)
        assert not Void.objects.exists()


def test_a_void_order_stays_as_it_was_beside_its_void(odd_order: str, cloud: Cloud) -> None:
    with cloud():
        decide("TOKEN_EXPIRED", "void", note="nobody took it")
        decide("ENVELOPE_MISMATCH", "void", note="nobody took it")

        void = Void.objects.get()
        assert (void.order.number_id, void.by, void.note) == (odd_order, "cleo", "nobody took it")
        assert Order.objects.get().total_minor == 499


def test_a_correction_pays_back(odd_order: str, cloud: Cloud) -> None:
    with cloud():
        decide("ENVELOPE_MISMATCH", "correct", refund_minor=99)

        assert Refund.objects.get().amount_minor == 99


def test_a_refused_correction_decides_nothing(odd_order: str, cloud: Cloud) -> None:
    with cloud():
        changes = Change.objects.count()
        with pytest.raises(RefundTooLarge):
            decide("ENVELOPE_MISMATCH", "correct", refund_minor=500)

        assert not Review.objects.exclude(decision="").exists()
        assert (Refund.objects.count(), Change.objects.count()) == (0, changes)


def test_never_more_is_paid_back_than_was_taken(odd_order: str, cloud: Cloud) -> None:
    with cloud():
        order = Order.objects.get()
        give_back(order=order, amount_minor=400, by="cleo", at=clock.now())
        for amount in (100, 0, -5):
            with pytest.raises(RefundTooLarge):
                give_back(order=order, amount_minor=amount, by="cleo", at=clock.now())
        give_back(order=order, amount_minor=99, by="cleo", at=clock.now())

        assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 499


def test_a_review_is_decided_once(odd_order: str, cloud: Cloud) -> None:
    with cloud():
        decide("TOKEN_EXPIRED", "accept")

        with pytest.raises(ReviewClosed):
            decide("TOKEN_EXPIRED", "void")

        assert not Void.objects.exists()


def test_a_kiosk_decides_nothing(odd_order: str) -> None:
    with pytest.raises(NotLedger):
        decide("TOKEN_EXPIRED", "accept")

    assert not Review.objects.exclude(decision="").exists()


def test_a_kiosks_proposal_reaches_the_cloud(odd_order: str, cloud: Cloud) -> None:
    make_staff("mia", role="manager")
    review = Review.objects.get(reason="TOKEN_EXPIRED")
    propose_decision(review_id=review.pk, proposal="void", by="mia", at=clock.now())

    cloud.contact()

    with cloud():
        told = Review.objects.get(reason="TOKEN_EXPIRED")
        assert (told.proposal, told.proposed_by, told.decision) == ("void", "mia", "")


def test_the_database_refuses_half_a_decision(odd_order: str) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(decision="accept")
