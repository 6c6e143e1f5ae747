"""What staff see and may do: the journey, the queue, the numbers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from edgeshop.checkout.errors import SeatNotAdmitted
from edgeshop.checkout.models import Number, Order, Refund, Review, Seat, Void
from edgeshop.fleet.models import Staff
from tests.factories.checkout import APPLE, Browser, Cloud, HeldClock, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
ADMIN = "admin:checkout_"


def log_in(client: Client, role: str = "manager") -> None:
    """Ben, in one of his roles."""
    client.force_login(Staff.objects.create_user("ben", password="x", is_staff=True, role=role))


def act(client: Client, model: str, action: str, *rows: Any) -> Any:
    """Run an action of a list on some rows."""
    data = {"action": action, "_selected_action": [str(row) for row in rows]}
    return client.post(reverse(f"{ADMIN}{model}_changelist"), data, follow=True)


@pytest.fixture
def odd_order(ada: Browser, cloud: Cloud, held_clock: HeldClock) -> str:
    """An order that charges less than its book says; answers its number."""
    number = place(ada.order((APPLE, 2), total=499), slip_shown=True).number
    cloud.contact()
    return number


@pytest.fixture
def in_cloud(odd_order: str, cloud: Cloud) -> Iterator[Cloud]:
    """Inside the cloud, where the odd order waits."""
    with cloud():
        yield cloud


def test_an_order_opens_on_its_journey(odd_order: str, client: Client) -> None:
    log_in(client)
    order = Order.objects.get()

    page = client.get(reverse(f"{ADMIN}order_change", args=[order.pk])).content.decode()

    steps = ["Token minted", "Signed and placed", "Committed", "Review opened", "Acknowledged"]
    places = [page.find(step) for step in steps]
    assert -1 not in places
    assert places[:3] == sorted(places[:3])
    assert f"seat {order.seat_id}" in page
    assert "journal 12/1/2" in page
    assert 'name="_save"' not in page


def test_the_order_list_asks_the_database_as_often_for_three_as_for_one(ada: Browser, client: Client) -> None:
    log_in(client)
    place(ada.order())
    url = reverse(f"{ADMIN}order_changelist")
    client.get(url)
    counts = []
    for token in (None, ada.tokens[1], ada.tokens[2]):
        if token:
            place(ada.order(token=token))
        with CaptureQueriesContext(connection) as seen:
            page = client.get(url)
        counts.append(len(seen))

    assert page.content.decode().count("3-12-1-") >= 3
    assert len(set(counts)) == 1


def test_the_queue_shows_both_sides_and_a_suggestion(in_cloud: Cloud, client: Client) -> None:
    log_in(client)
    review = Review.objects.get()

    page = client.get(reverse(f"{ADMIN}review_change", args=[review.pk])).content.decode()

    assert "4.99 EUR" in page
    assert "5.00 EUR" in page
    assert "Suggested" in page


def test_staff_accept_from_the_queue(in_cloud: Cloud, client: Client) -> None:
    log_in(client)

    act(client, "review", "accept", Review.objects.get().pk)

    review = Review.objects.get()
    assert (review.decision, review.decided_by, Order.objects.get().delivery) == ("accept", "ben", "settled")


def test_staff_correct_with_money_back_in_the_form(in_cloud: Cloud, client: Client) -> None:
    log_in(client)
    url = reverse(f"{ADMIN}review_change", args=[Review.objects.get().pk])

    answer = client.post(url, {"decision": "correct", "note": "one bruised", "refund_minor": "99"})

    assert answer.status_code == 302
    assert (Review.objects.get().note, Refund.objects.get().amount_minor) == ("one bruised", 99)


def test_staff_void_from_the_queue(in_cloud: Cloud, client: Client) -> None:
    log_in(client)

    act(client, "review", "void", Review.objects.get().pk)

    assert Void.objects.get().by == "ben"


def test_an_attendant_decides_nothing(in_cloud: Cloud, client: Client) -> None:
    log_in(client, "attendant")
    review = Review.objects.get()

    act(client, "review", "accept", review.pk)
    client.post(reverse(f"{ADMIN}review_change", args=[review.pk]), {"decision": "accept"})

    assert Review.objects.get().decision == ""


def test_an_attendant_writes_no_number_off(ada: Browser, client: Client) -> None:
    log_in(client, "attendant")

    act(client, "number", "write_off", "3-12-1-1")

    assert set(Number.objects.values_list("state", flat=True)) == {"outstanding"}


def test_on_a_kiosk_an_attendant_proposes_by_the_same_action(odd_order: str, client: Client) -> None:
    log_in(client, "attendant")

    act(client, "review", "accept", Review.objects.get().pk)

    review = Review.objects.get()
    assert (review.decision, review.proposal, review.proposed_by) == ("", "accept", "ben")


def test_decided_reviews_leave_the_queue(in_cloud: Cloud, client: Client) -> None:
    log_in(client)
    act(client, "review", "accept", Review.objects.get().pk)
    url = reverse(f"{ADMIN}review_changelist")

    assert "3-12-1-1" not in client.get(url).content.decode()
    assert "3-12-1-1" in client.get(f"{url}?state=decided").content.decode()


def test_staff_write_off_a_number(ada: Browser, client: Client) -> None:
    log_in(client)

    act(client, "number", "write_off", "3-12-1-1", "3-12-1-2")

    assert list(Number.objects.values_list("state", flat=True)) == ["void", "void", "outstanding"]


def test_staff_admit_a_screen(kiosk: Any, client: Client) -> None:
    log_in(client, "attendant")
    ada = Browser(address="192.0.2.9")
    with pytest.raises(SeatNotAdmitted):
        ada.sit()

    act(client, "seat", "admit", Seat.objects.get().pk)

    assert ada.sit().seat_id == str(Seat.objects.get().pk)


def test_staff_note_money_and_goods(ada: Browser, client: Client) -> None:
    log_in(client, "attendant")
    place(ada.order(tender="counter"))
    order = Order.objects.get()

    act(client, "order", "note_paid", order.pk)
    act(client, "order", "note_handed_over", order.pk)

    order.refresh_from_db()
    assert (order.payment, order.handover) == ("cleared", "handed_over")
    assert list(order.moves.values_list("by", flat=True)) == ["ben", "ben"]


@pytest.mark.parametrize("model", ["order", "number", "grant", "seat", "review"])
def test_nothing_is_added_or_deleted_by_hand(ada: Browser, client: Client, model: str) -> None:
    log_in(client)
    place(ada.order(total=1), slip_shown=True)

    assert client.get(reverse(f"{ADMIN}{model}_changelist")).status_code == 200
    assert client.get(reverse(f"{ADMIN}{model}_add")).status_code == 403
    act(client, model, "delete_selected", "3-12-1-1")
    assert (Order.objects.count(), Number.objects.count(), Review.objects.count()) == (1, 3, 1)
