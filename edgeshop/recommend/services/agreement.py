"""Whether one table ranks as well as another: the gate that a settled table passes before it is published."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.services.ranker import HITS_AT, WINDOW, scores
from edgeshop.recommend.services.table import Table

OVERLAP_MIN = 0.95  # of ten answers: as much as a table shares with itself less a random twentieth of its baskets
HITS_LOST_MAX = 0.01  # measured on baskets that the first table has learned from, which flatters it by half a point
EVENTS_MAX = 2_000
SEED = 11  # the same baskets are always cut at the same places


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two tables on the same baskets. Units: shares, `overlap` of the ten best answers, `hits_lost` of all baskets."""

    overlap: float
    hits_lost: float

    @property
    def passes(self) -> bool:
        """Whether the second table may stand for the first. Where nothing could be asked, it may."""
        return self.overlap >= OVERLAP_MIN and self.hits_lost <= HITS_LOST_MAX


def compare(first: Table, second: Table, baskets: Sequence[NDArray[np.int64]]) -> Agreement:
    """Cut each basket at a random place and ask both tables what comes next. Baskets hold item indexes of both."""
    random = np.random.default_rng(SEED)
    shared, lost = [], []
    for basket in baskets[-EVENTS_MAX:]:
        if len(basket) < 2:
            continue
        cut = int(random.integers(1, min(WINDOW, len(basket) - 1) + 1))
        ours, theirs = _best(first, basket[:cut]), _best(second, basket[:cut])
        shared.append(len(ours & theirs) / max(len(ours), 1) if ours or not theirs else 0.0)
        lost.append((basket[cut] in ours) - (basket[cut] in theirs))
    return Agreement(float(np.mean(shared)), float(np.mean(lost))) if lost else Agreement(1.0, 0.0)


def _best(table: Table, known: NDArray[np.int64]) -> set[int]:
    """The ten best items with a score."""
    score = scores(table, known)
    best = np.argpartition(-score, min(HITS_AT, table.rows) - 1)[:HITS_AT]
    return set(best[score[best] > 0].tolist())
