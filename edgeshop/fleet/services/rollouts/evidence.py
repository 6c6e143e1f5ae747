"""Whether the cohort fails more often than the control, by a test that may be looked at any time.

Of all failures between two looks the cohort's share would be q, its expected failures among all expected ones, if the
new version changed nothing. For a harm that multiplies the rate by r the share is r·q / (1 + q·(r - 1)); the likelihood
ratio of that against "nothing changed" is multiplied up from look to look. Under "nothing changed", or better, each
ratio is a (super)martingale, and so is their mean over several r: it ever exceeds 1/α with probability α at most,
however often one looks (Ville's inequality). This is Wald's sequential test with a mixture of four points as its prior.

The other way round the ratio of a doubled rate, counted from the beginning of a stage, falls below β with probability β
at most if the rate has doubled: then the stage is harmless enough to go on.

Expected failures are what was tried times what each kiosk fails usually, drawn towards the fleet's mean: a cohort with
a bad card reader in it is not held against the new version. Bursts at one kiosk are cut off (`in_bounds`).
Source: Wald 1945 (SPRT); Robbins 1970 (mixtures); Johari et al., arXiv:1512.04922 (looking at any time).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

RATIOS = (1.5, 2.0, 3.0, 5.0)
DOUBLED = "2.0"
ALPHA = {"checkouts": 0.005, "starts": 0.003}  # all false halts of one rollout together: under one in a hundred
BETA = 0.05

Evidence = Mapping[str, float]
_BURST = 3  # one kiosk whose printer jams fails fifty times in an hour, and that is one event


def in_bounds(failed: int, expected: float) -> int:
    """Failures of one kiosk between two looks, at most three more than thrice what was expected; the same in both
    arms."""
    return min(failed, math.ceil(_BURST + _BURST * expected))


@dataclass(frozen=True, slots=True)
class Look:
    """What has happened since the look before. Expected numbers count only what was tried under the version."""

    cohort_failed: int
    control_failed: int
    cohort_expected: float
    control_expected: float


def added(evidence: Evidence, look: Look) -> dict[str, float]:
    """The logarithm of each likelihood ratio after one look more."""
    expected = look.cohort_expected + look.control_expected
    before = {str(ratio): evidence.get(str(ratio), 0.0) for ratio in RATIOS}
    if expected <= 0:
        return before
    q = look.cohort_expected / expected
    failed = look.cohort_failed + look.control_failed
    return {
        str(ratio): before[str(ratio)] + look.cohort_failed * math.log(ratio) - failed * math.log1p(q * (ratio - 1))
        for ratio in RATIOS
    }


def strength(evidence: Evidence) -> float:
    """The logarithm of the mixture: how much likelier what was seen is under harm."""
    logs = [evidence.get(str(ratio), 0.0) for ratio in RATIOS]
    top = max(logs)
    return top + math.log(sum(math.exp(one - top) for one in logs) / len(logs))


def shows_harm(evidence: Evidence, alpha: float) -> bool:
    """Whether harm is shown, at this level of false alarms over the whole rollout."""
    return strength(evidence) >= -math.log(alpha)


def rules_out_doubling(evidence: Evidence, before: Evidence) -> bool:
    """Whether a doubled rate would have shown by now, counted from `before`."""
    return evidence.get(DOUBLED, 0.0) - before.get(DOUBLED, 0.0) <= math.log(BETA)
