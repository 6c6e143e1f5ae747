"""The fault simulation itself: a hundred seeds hold, a seed replays exactly, and each planted bug is seen."""

import pytest

from bench.faults import campaign
from edgeshop.qa.simulation.names import PLANTED

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
FIRST, SEEDS = 5_001, 100  # others than those of `make simulate-faults`
ORDERS = 8  # so that all of it takes about a minute


def test_a_hundred_seeds_lose_double_change_and_oversell_nothing() -> None:
    tally = campaign.spread(range(FIRST, FIRST + SEEDS), ORDERS, print, jobs=2)

    assert {done.seed: done.problems for done in tally.failed} == {}
    assert tally.seeds == SEEDS
    assert tally.orders >= SEEDS * ORDERS
    assert {"wire", "crash", "restore", "clone", "clock", "book"} <= set(tally.events)


def test_a_seed_happens_again_exactly() -> None:
    first, again = campaign.one(7, ORDERS), campaign.one(7, ORDERS)

    assert first.trace == again.trace
    assert first.digest != campaign.one(8, ORDERS).digest


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_bug_is_found(plant: str) -> None:
    assert campaign.first_found(plant, range(1, 1 + campaign.PLANTED_MAX), 30, jobs=1) is not None
