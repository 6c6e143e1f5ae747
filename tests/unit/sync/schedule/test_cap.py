"""Steering, the hard stop and the watchdog."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.sync.schedule.bucket import day_fees, from_bucket, from_pool, share_out
from edgeshop.sync.schedule.plan import solve
from edgeshop.sync.schedule.steering import Steering
from edgeshop.sync.schedule.watchdog import has_stalled, promised_gap_s
from tests.factories import workloads

pytestmark = pytest.mark.unit
DAILY = np.array([3.0, 2.0, 1.0, 0.5, 0.1])  # what a fleet spends on a day at each price
CAP, DAYS = 30.0, 30


def _month(*, is_steered: bool, jump: float) -> float:
    """Spend as a part of the cap, where every day costs `jump` times the forecast from day 10 on."""
    steering, spent = Steering(DAILY, np.array([CAP]), DAYS), np.zeros(1)
    mix = steering.tonight(0, spent)
    for day in range(DAYS):
        if is_steered and day:
            mix = steering.tonight(day, spent)
        price = mix.choose(np.arange(1000), np.zeros(1000, int))
        spent = spent + DAILY[price].mean() * (jump if day >= DAYS // 3 else 1.0)
    return float(spent[0]) / CAP


@pytest.mark.parametrize("jump", [1.0, 1.6, 0.7])
def test_a_steered_month_ends_at_its_cap(jump: float):
    assert _month(is_steered=True, jump=jump) == pytest.approx(1.0, abs=0.02)


def test_without_steering_a_jump_breaks_the_cap():
    assert _month(is_steered=False, jump=1.6) > 1.3


@settings(deadline=None)
@given(st.lists(st.floats(0, 5), min_size=1, max_size=20), st.floats(-5, 50))
def test_buckets_and_pool_never_hold_more_than_is_left(fees: list[float], left: float):
    buckets, pool = share_out(left, np.array(fees))

    assert buckets.min() >= 0
    assert pool >= 0
    assert buckets.sum() + pool <= max(left, 0) * (1 + 1e-9)


def test_a_bucket_lasts_for_a_contact_in_every_slot():
    assert day_fees(np.full((1, 96), 2.0), 10.0).tolist() == [1920.0]


def test_small_payloads_are_the_buckets_and_large_ones_the_pools_while_it_lasts():
    asks, sizes = np.ones((2, 3), bool), np.array([[60.0, 50.0, 900.0], [10.0, 20.0, 30.0]])

    own = from_bucket(asks, sizes, 100.0)
    paid = from_pool(asks & ~own, sizes, 900.0)

    assert own.tolist() == [[True, False, False], [True, True, True]]
    assert paid.tolist() == [[False, True, False], [False, False, False]]


def test_the_watchdog_speaks_after_three_promised_gaps():
    table = solve(workloads.workload(workloads.stream(rate=1.0)), [0.05]).tables[0][0]

    gap_s = promised_gap_s(table)

    assert gap_s == pytest.approx(9000, rel=0.11)  # sqrt(2 * 0.05 * 1000) slots
    assert not has_stalled(now_s=3 * gap_s, moved_s=0.0, gap_s=gap_s)
    assert has_stalled(now_s=3 * gap_s + 1, moved_s=0.0, gap_s=gap_s)
