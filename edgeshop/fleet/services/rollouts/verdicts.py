"""What to do with a running rollout: stay, go on to the next stage, finish, or halt. Plain arithmetic, no database."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from edgeshop.fleet.services.rollouts.cohorts import STAGES_PCT
from edgeshop.fleet.services.rollouts.evidence import ALPHA, Evidence, rules_out_doubling, shows_harm

STAGE_MIN = timedelta(days=1)  # every hour of a day has been seen
STAGE_MAX = timedelta(days=7)  # little trade shows little: after a week without harm it goes on all the same
_REJECTED_PCT_MAX = 10


class Move(StrEnum):
    """What a verdict says."""

    STAY = "stay"
    PROMOTE = "promote"
    FINISH = "finish"
    HALT = "halt"


@dataclass(frozen=True, slots=True)
class Standing:
    """A rollout at one look. Counts are kiosks: in the cohort, of those on the new version or refusing it, outside.

    `evidence` and `stage_evidence` by signal: now, and when the stage began.
    """

    stage: int
    age: timedelta
    cohort: int
    applied: int
    rejected: int
    control: int
    evidence: Mapping[str, Evidence]
    stage_evidence: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A move and its reason, for people."""

    move: Move
    why: str


def judge(now: Standing) -> Verdict:
    """The verdict at this look. Asking more often changes nothing about how often it is wrong."""
    if now.rejected and now.rejected >= min(now.cohort, _rejected_max(now.cohort)):
        return Verdict(Move.HALT, f"{now.rejected} of {now.cohort} kiosks refuse the new version after three tries")
    for signal, alpha in ALPHA.items():
        if shows_harm(now.evidence.get(signal, {}), alpha):
            return Verdict(Move.HALT, f"more failed {signal} in the cohort than chance would bring")
    if now.age < STAGE_MIN:
        return Verdict(Move.STAY, "every stage lasts a day at least")
    if not now.applied:
        return Verdict(Move.STAY, "no kiosk of the cohort has the new version yet")
    return _onwards(now)


def _onwards(now: Standing) -> Verdict:
    if STAGES_PCT[now.stage] == 100:
        return Verdict(Move.FINISH, "all kiosks were asked to take it, and no harm was seen")
    if not now.control:
        return Verdict(Move.PROMOTE, "a day without harm; there is no control to compare with")
    if rules_out_doubling(now.evidence.get("checkouts", {}), now.stage_evidence.get("checkouts", {})):
        return Verdict(Move.PROMOTE, "twice as many failed checkouts would have shown by now")
    if now.age >= STAGE_MAX:
        return Verdict(Move.PROMOTE, "a week without harm seen; there was little trade to judge by")
    return Verdict(Move.STAY, "not enough seen yet")


def _rejected_max(cohort: int) -> int:
    return max(2, math.ceil(cohort * _REJECTED_PCT_MAX / 100))
