"""The dynamic programming against what is known in closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.expectation import Arrivals, poisson
from edgeshop.sync.schedule.plan import solve
from edgeshop.sync.schedule.table import TABLE_BYTES_MAX
from edgeshop.sync.schedule.watchdog import promised_gap_s
from tests.factories import workloads

pytestmark = pytest.mark.unit
SLOT_S = 900


@pytest.mark.parametrize(("rate", "slots"), [(1.0, 12), (2.0, 20), (0.5, 40)])
def test_without_outages_the_period_is_that_of_the_economic_order_quantity(rate: float, slots: int):
    contact, weight, mu = 1000.0, 1.0, slots**2 * rate / 2000.0  # so that sqrt(2 mu K / (w rate)) is `slots`

    plan = solve(workloads.workload(workloads.stream(rate=rate), weight=weight, contact_bytes=contact), [mu])

    assert (2 * mu * contact / (weight * rate)) ** 0.5 == pytest.approx(slots)
    assert promised_gap_s(plan.tables[0][0], grade=Grade.B) / SLOT_S == pytest.approx(slots, rel=0.1)


def test_the_bound_of_one_stream_without_outages_is_the_cost_of_that_period():
    rate, mu, contact = 1.0, 0.2, 1000.0

    bound = solve(workloads.workload(workloads.stream(rate=rate), contact_bytes=contact), [mu]).bounds[0, 0]

    backlog = np.arange(1, 100)
    best = (mu * contact * rate / backlog + (backlog - 1) / 2).min()  # contact at every `backlog` changes
    assert bound / 96 == pytest.approx(best, rel=0.05)
    assert bound / 96 <= best * 1.001


def test_a_contact_that_serves_two_streams_is_bounded_below_two_contacts_and_above_one():
    one, two = workloads.stream("a"), workloads.stream("b")

    together = solve(workloads.workload(one, two), [0.1]).bounds[0, 0]
    alone = solve(workloads.workload(one), [0.1]).bounds[0, 0]

    assert alone < together < 2 * alone


def test_tables_of_the_whole_day_stay_within_their_bytes():
    streams = [workloads.stream(name, rate=rate) for name, rate in (("a", 0.1), ("b", 1.0), ("c", 3.0), ("d", 8.0))]

    table = solve(workloads.workload(*streams, fail=0.05), [0.1]).tables[0][0]

    assert len(table.to_bytes()) <= TABLE_BYTES_MAX


@settings(deadline=None)
@given(st.floats(0.001, 8))
def test_arrivals_keep_all_chances_and_add_their_mean(mean: float):
    arrivals, states = Arrivals(mean), np.arange(256.0)
    chances = np.zeros((1, 256))
    chances[0, 40] = 1.0

    after = arrivals.spread(chances)

    assert poisson(mean).sum() == pytest.approx(1)
    assert after.sum() == pytest.approx(1)
    assert after[0] @ states == pytest.approx(40 + mean, rel=1e-4)
    assert arrivals.expect(states[None])[0, 40] == pytest.approx(40 + mean, rel=1e-4)
    assert arrivals.expect(states[None])[0, 255] == pytest.approx(255)
