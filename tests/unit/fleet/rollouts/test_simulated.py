"""How often the test halts what does no harm, and how soon it halts what does: simulated at 120 kiosks.

A day brings a hundred checkouts at each kiosk, of which one fails on average; how often each kiosk fails usually is
another thing (a Gamma law with a coefficient of variation of a half). It is looked at every six hours.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest

from edgeshop.fleet.services.rollouts.cohorts import STAGES_PCT, place_of, threshold_for
from edgeshop.fleet.services.rollouts.evidence import ALPHA, Look, added
from edgeshop.fleet.services.rollouts.verdicts import Move, Standing, judge

pytestmark = pytest.mark.unit
KIOSKS, LOOKS_A_DAY, TRIED_A_DAY, USUALLY = 120, 4, 100.0, 0.01
KNOWN_FROM = 30 * TRIED_A_DAY  # checkouts at each kiosk before the rollout, from which its usual rate is known
PRIOR = 500.0


@dataclass(frozen=True)
class Ended:
    move: Move
    stage: int
    days: float


def simulate(rng: np.random.Generator, rollout_id: int, *, harm: float) -> Ended:
    """One rollout from its beginning to its end; in the cohort checkouts fail `harm` times as often."""
    rates = USUALLY * rng.gamma(4.0, 1 / 4.0, KIOSKS)
    known = rng.poisson(rates * KNOWN_FROM)
    mean = known.sum() / (KNOWN_FROM * KIOSKS)
    usual = (known + PRIOR * mean) / (KNOWN_FROM + PRIOR)
    places = np.array([place_of(rollout_id, kiosk) for kiosk in range(KIOSKS)])
    evidence: dict[str, float] = {}
    looks = 0
    for stage in range(len(STAGES_PCT)):
        before, begun = evidence, looks
        is_in = places < threshold_for(rollout_id, range(KIOSKS), stage)
        while True:
            looks += 1
            tried = rng.poisson(TRIED_A_DAY / LOOKS_A_DAY, KIOSKS)
            failed = rng.binomial(tried, rates * np.where(is_in, harm, 1.0))
            look = Look(failed[is_in].sum(), failed[~is_in].sum(), *(usual * tried @ np.c_[is_in, ~is_in]))
            evidence = added(evidence, look)
            verdict = judge(
                Standing(
                    stage=stage, age=timedelta(days=(looks - begun) / LOOKS_A_DAY), cohort=int(is_in.sum()),
                    applied=int(is_in.sum()), rejected=0, control=int((~is_in).sum()),
                    evidence={"checkouts": evidence}, stage_evidence={"checkouts": before},
                )
            )  # fmt: skip
            if verdict.move is Move.STAY:
                continue
            if verdict.move is Move.PROMOTE:
                break
            return Ended(verdict.move, STAGES_PCT[stage], looks / LOOKS_A_DAY)
    raise AssertionError("a rollout ends")


def many(count: int, *, harm: float) -> list[Ended]:
    rng = np.random.default_rng(7)
    return [simulate(rng, number, harm=harm) for number in range(count)]


def test_a_release_that_doubles_failed_checkouts_is_halted_and_soon():
    ended = many(300, harm=2.0)

    halted = [one for one in ended if one.move is Move.HALT]
    assert len(halted) >= 0.99 * len(ended)
    assert sum(one.stage == 1 for one in halted) >= 0.9 * len(ended)
    assert np.median([one.days for one in halted]) <= 4


def test_a_harmless_release_is_halted_less_than_once_in_a_hundred():
    ended = many(1000, harm=1.0)

    assert sum(one.move is Move.HALT for one in ended) < 0.01 * len(ended)
    assert np.median([one.days for one in ended]) <= 10


def test_control_a_bound_that_asks_for_next_to_nothing_halts_the_harmless(monkeypatch):
    monkeypatch.setitem(ALPHA, "checkouts", 0.9)

    ended = many(100, harm=1.0)

    assert sum(one.move is Move.HALT for one in ended) > 0.1 * len(ended)


def test_a_better_release_is_never_halted():
    assert {one.move for one in many(100, harm=0.5)} == {Move.FINISH}
