"""Confidence that means something: three features of the scores, fitted to what shoppers did put in next.

Source: logistic regression by iteratively reweighted least squares with a ridge; the baskets used for it are the
newest, which the table behind the scores must not have seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.services.ranker import HITS_AT, SCORE_FLOOR, WINDOW, scores
from edgeshop.recommend.services.table import Table

PRIOR = np.array([-0.6, 0.5, 0.3, 0.2])  # what real shops come to, roughly; holds while there is little to learn from
RIDGE = 10.0  # the prior weighs as much as a few dozen outcomes
ROUNDS_MAX = 30
EVENTS_MAX = 6_000  # more move the coefficients by less than the weeks do
SEED = 7  # the same baskets always give the same coefficients

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was seen: features without the leading 1, and whether the next item was among the ten best.

    Shapes: features [n, 3], hits [n].
    """

    features: Floats
    hits: NDArray[np.bool_]


def replay(table: Table, baskets: Sequence[NDArray[np.int64]]) -> Outcomes:
    """Cut each basket at a random place, rank, and look at what came next. Baskets hold item indexes of `table`."""
    random = np.random.default_rng(SEED)
    features, hits = [], []
    for basket in baskets[-EVENTS_MAX:]:
        cut = int(random.integers(1, min(WINDOW, len(basket) - 1) + 1)) if len(basket) > 1 else 0
        if not cut:
            continue
        score = scores(table, basket[:cut])
        best = np.argpartition(-score, min(HITS_AT, table.rows) - 1)[:HITS_AT]
        top = np.sort(np.maximum(score[best], 0))[::-1]
        if top[0] > 0:
            features.append(_features(top))
            hits.append(bool(np.isin(basket[cut], best[score[best] > 0])))
    return Outcomes(np.array(features, np.float64).reshape(-1, 3), np.array(hits, np.bool_))


def _features(top: NDArray[np.float32]) -> Floats:
    mean = top.sum() / HITS_AT
    first, second, ten = np.log(np.maximum([top[0], top[1] if len(top) > 1 else 0, mean], SCORE_FLOOR))
    return np.array([first, first - second, ten])


def fit(outcomes: Outcomes) -> NDArray[np.float32]:
    """The coefficients c0..c3, drawn to the prior where there is little evidence. Shapes: the answer is [4]."""
    design = np.column_stack([np.ones(len(outcomes.hits)), outcomes.features])
    c = PRIOR.copy()
    for _ in range(ROUNDS_MAX):
        chance = 1 / (1 + np.exp(-np.clip(design @ c, -30, 30)))
        slope = design.T @ (outcomes.hits - chance) - RIDGE * (c - PRIOR)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + RIDGE * np.eye(4)
        step = np.linalg.solve(curve, slope)
        c += step
        if np.abs(step).max() < 1e-9:
            break
    return c.astype(np.float32)
