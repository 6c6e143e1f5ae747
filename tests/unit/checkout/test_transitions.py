"""Orders only move forward: the database holds the rule, whatever the code does."""

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from edgeshop.checkout.enums import Delivery, Handover, Payment
from edgeshop.checkout.models import Order, OrderLine, Transition
from edgeshop.checkout.services.outcomes import is_forward
from tests.factories.checkout import Browser, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
VALUES = {"delivery": Delivery.values, "payment": Payment.values, "handover": Handover.values}


def test_the_table_holds_every_move_forward_and_no_other() -> None:
    assert set(Transition.objects.values_list("field", "before", "after")) == {
        ("delivery", "committed", "acknowledged"),
        ("delivery", "committed", "settled"),
        ("delivery", "acknowledged", "settled"),
        ("payment", "due", "paid"),
        ("payment", "due", "declined"),
        ("payment", "due", "cleared"),
        ("payment", "paid", "declined"),
        ("payment", "paid", "cleared"),
        ("payment", "declined", "cleared"),
        ("handover", "open", "handed_over"),
    }


def test_filling_the_table_again_changes_nothing() -> None:
    Transition.fill()

    assert Transition.objects.count() == 10


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from([(f, v) for f, values in VALUES.items() for v in values]), max_size=12))
def test_no_sequence_of_updates_moves_an_order_back(ada: Browser, moves: list[tuple[str, str]]) -> None:
    if not Order.objects.exists():
        place(ada.order(tender="counter"))
    with transaction.atomic():
        for field, after in moves:
            before = Order.objects.values_list(field, flat=True).get()
            try:
                with transaction.atomic():
                    Order.objects.update(**{field: after})
            except IntegrityError:
                assert before != after
                assert not is_forward(field, before, after)
            else:
                assert before == after or is_forward(field, before, after)
        transaction.set_rollback(True)


def test_an_emptied_table_lets_nothing_move(ada: Browser) -> None:
    place(ada.order())
    Transition.objects.all().delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(delivery="settled")

    assert Order.objects.get().delivery == "committed"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("total_minor", 1),
        ("envelope_sha256", "0" * 64),
        ("receipt_key", "another"),
        ("tender", "card"),
        ("book", 9),
        ("seat_id", None),
        ("business_day", "2020-01-01"),
    ],
)
def test_the_content_of_an_order_never_changes(ada: Browser, column: str, value: object) -> None:
    place(ada.order())
    extra = {"net_minor": 1, "tax_minor": 0} if column == "total_minor" else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(**{column: value}, **extra)


def test_the_lines_of_an_order_never_change(ada: Browser) -> None:
    place(ada.order())

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.update(qty=1)

    assert OrderLine.objects.get().qty == 2


def test_the_old_envelope_may_be_dropped(ada: Browser) -> None:
    place(ada.order())

    assert Order.objects.update(envelope="") == 1


def test_the_triggers_are_there_under_their_names() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'checkout_%'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'checkout_%'")
        found = {name for (name,) in cursor.fetchall()}

    assert found == {"checkout_order_forward", "checkout_order_frozen", "checkout_line_frozen"}
