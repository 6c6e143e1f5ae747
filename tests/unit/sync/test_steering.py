"""A month of nights: whichever way a kiosk spends, its month ends under its cap."""

from datetime import date

import pytest

from edgeshop.sync.models import DayEgress, HeldTable, LinkAccount, PricedTable
from edgeshop.sync.services.steering import places_of, steer_all
from tests.factories.fleet import KIOSK, make_kiosk, make_shop
from tests.factories.links import on, rules, tell_to_go_by

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
DAILY = [6.5e6, 6.0e6, 4.1e6, 2.8e6, 1.9e6, 1.3e6, 0.2e6]  # bytes, cheapest money first
CAP, CLASS = 100_000_000, "vending"


@pytest.fixture
def tables(db):
    for place, day_bytes in enumerate(DAILY):
        PricedTable.objects.create(
            node_class=CLASS, place=place, mu=10.0**place, table=b"", day_bytes=day_bytes, day_usd=day_bytes / 1e9
        )


def live_a_month(factor: float, *, is_steered: bool) -> float:
    """The kiosk spends `factor` times what its table says; answers spend over cap."""
    total, place = 0.0, 2
    for day in range(1, 31):
        if is_steered:
            place = places_of(CLASS, {KIOSK: CAP}, "", date(2026, 11, day))[KIOSK]
        moved = round(DAILY[place] * factor)
        DayEgress.objects.create(kiosk_id=KIOSK, on=date(2026, 11, day), stream="contact", grade="B", up_bytes=moved)
        total += moved
    return total / CAP


@pytest.fixture
def kiosk(db):
    return make_kiosk(make_shop(), node_class=CLASS, enrolled_at=on(1))


@pytest.mark.parametrize("factor", [0.7, 1.0, 1.6, 3.0])
def test_a_steered_month_ends_near_its_cap_whatever_the_forecast_misses(kiosk, tables, factor):
    assert 0.85 <= live_a_month(factor, is_steered=True) <= 1.02


def test_without_steering_the_same_month_is_over_its_cap(kiosk, tables):
    """The control: the table that a forecast alone would give."""
    assert live_a_month(1.6, is_steered=False) > 1.5


def test_a_night_is_steered_once_and_the_same_ledger_gives_the_same_tables(kiosk, tables, held_clock):
    tell_to_go_by(KIOSK, rules(CLASS))
    held_clock.at = on(12, 1)
    DayEgress.objects.create(kiosk_id=KIOSK, on=date(2026, 11, 11), stream="facts", grade="B", up_bytes=60_000_000)

    counts = [steer_all(), steer_all()]
    account = LinkAccount.objects.get()

    assert counts == [1, 0]
    assert (account.place, account.steered_on, account.spent_pct) == (
        places_of(CLASS, {KIOSK: CAP}, "", date(2026, 11, 12))[KIOSK],
        date(2026, 11, 12),
        60.0,
    )
    assert not HeldTable.objects.exists()


def test_a_class_without_a_cap_gets_no_table(kiosk, tables):
    tell_to_go_by(KIOSK, rules("flagship"))

    steer_all()

    assert LinkAccount.objects.get().place is None


def test_free_bytes_are_not_steered_by(kiosk, tables):
    before = places_of(CLASS, {KIOSK: CAP}, "", date(2026, 11, 12))
    DayEgress.objects.create(kiosk_id=KIOSK, on=date(2026, 11, 11), stream="facts", grade="A", up_bytes=10**12)

    assert places_of(CLASS, {KIOSK: CAP}, "", date(2026, 11, 12)) == before
