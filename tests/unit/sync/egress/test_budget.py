"""The hard stop: what is left of the month, today's bucket and the pool."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeshop.fleet.classes import lay_over, read_overrides
from edgeshop.sync.models import Egress
from edgeshop.sync.services.egress.budget import CONTACT_BYTES, budget_here, left_of
from tests.factories.links import move, on, rules, with_knobs

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
CAPPED = 'cadence.month_bytes = "10 MB"'
A_DAY = 96 * CONTACT_BYTES


@pytest.fixture(autouse=True)
def _november(held_clock):
    held_clock.at = on(10, 9)


@given(*[st.floats(0, 1e9)] * 3, st.floats(1, 1e9), st.floats(0.1, 1e4))
def test_bucket_and_pool_never_hold_more_than_is_left(before, small, large, cap, fee):
    found = left_of(cap, before=before, small=small, large=large, fee=fee)

    left = max(0.0, cap - before - small - large)
    assert min(found.bucket, found.pool) >= 0
    assert found.bucket <= 96 * fee * (1 + 1e-9)
    assert found.bucket + found.pool == pytest.approx(left, abs=1e-6)
    assert found.is_spent == (before + small + large >= cap)


def test_a_class_without_a_cap_has_all_it_wants(house):
    move("pictures", down=10**12)

    found = budget_here(rules("flagship"))

    assert (found.is_spent, found.bucket, found.pool_bytes) == (False, math.inf, math.inf)


def test_contacts_draw_on_the_bucket_and_files_on_the_pool(house, held_clock):
    held_clock.move(days=-1)
    move("contact", up=1_000_000)
    held_clock.move(days=1)
    move("contact", up=4_000)
    move("pictures", down=500_000)

    found = budget_here(lay_over(rules(), read_overrides(CAPPED)))

    assert (found.spent, found.bucket) == (1_504_000, A_DAY - 4_000)
    assert found.pool_bytes == pytest.approx(10_000_000 - 1_000_000 - A_DAY - 500_000)


def test_a_month_is_spent_at_its_cap_and_fresh_on_the_first(house, held_clock):
    capped = lay_over(rules(), read_overrides(CAPPED))
    move("pictures", down=9_999_999)
    before = budget_here(capped).is_spent
    move("facts", up=1)

    assert (before, budget_here(capped).is_spent) == (False, True)
    held_clock.at = on(1, month=12)
    assert not budget_here(capped).is_spent


def test_bytes_on_an_unmetered_line_are_free(house):
    move("pictures", down=10**9, grade="A")

    assert budget_here(lay_over(rules(), read_overrides(CAPPED))).spent == 0


def test_a_cap_in_money_is_counted_in_money(house, settings):
    with_knobs(settings, price_gb="4.00 EUR")
    capped = rules("event")  # 40 EUR a month: ten gigabytes
    move("pictures", down=9_999_999_999)
    before = budget_here(capped).is_spent
    move("facts", up=1)

    assert (before, budget_here(capped).is_spent) == (False, True)
    assert Egress.objects.count() == 2


@pytest.mark.parametrize("price", ["", "4.00 USD"])
def test_a_cap_in_money_that_nobody_can_count_is_none(house, settings, price):
    with_knobs(settings, price_gb=price)
    move("pictures", down=10**12)

    assert not budget_here(rules("event")).is_spent
