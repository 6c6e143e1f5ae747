"""What the sweeper ends and lets go; numbers gone missing are followed in test_settling."""

import pytest

from edgeshop.checkout.models import Number, Order
from edgeshop.checkout.services import sweep_numbers, void_numbers
from edgeshop.checkout.tasks import sweep
from edgeshop.journal.models import Record
from edgeshop.kernel import clock
from tests.factories.checkout import Browser, Cloud, HeldClock, number_of, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def test_only_what_is_past_its_time_and_open_goes_missing(ada: Browser, held_clock: HeldClock) -> None:
    place(ada.order())
    ada.fetch_tokens(0, unspent=[number_of(ada.tokens[1])])
    assert sweep_numbers(at=clock.now()) == []

    held_clock.move(hours=12, seconds=1)

    assert sweep_numbers(at=clock.now()) == ["3-12-1-3"]
    assert list(Number.objects.values_list("state", flat=True)) == ["sold", "returned", "unaccounted"]


def test_sweeping_again_writes_nothing(ada: Browser, held_clock: HeldClock) -> None:
    held_clock.move(hours=13)
    assert sweep() == 3
    facts = Record.objects.count()

    assert sweep() == 0

    assert Record.objects.count() == facts


def test_a_late_report_ends_a_missing_number(ada: Browser, held_clock: HeldClock) -> None:
    held_clock.move(hours=13)
    missing = sweep_numbers(at=clock.now())

    Browser(keys=ada.keys).sit().fetch_tokens(0, unspent=missing)

    assert set(Number.objects.values_list("state", flat=True)) == {"expired"}


def test_a_sold_number_cannot_be_written_off(ada: Browser) -> None:
    number = place(ada.order()).number

    assert void_numbers(numbers=[number], reason="mistake", by="ben", at=clock.now()) == []

    assert Number.objects.get(pk=number).state == "sold"


def test_evidence_is_kept_for_a_month_and_while_anybody_looks(
    ada: Browser, cloud: Cloud, held_clock: HeldClock
) -> None:
    place(ada.order())
    place(ada.order(total=1, token=ada.tokens[1]), slip_shown=True)
    cloud.contact()
    held_clock.move(days=29)
    sweep()
    assert not Order.objects.filter(envelope="").exists()

    held_clock.move(days=2)
    sweep()

    assert list(Order.objects.filter(envelope="").values_list("number", flat=True)) == ["3-12-1-1"]
    assert Order.objects.get(number="3-12-1-1").envelope_sha256
