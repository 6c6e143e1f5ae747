"""The one arithmetic of ranking, in plain numpy: what ONNX Runtime and the browser must reproduce to the last place.

Every step is IEEE 754 binary32, one rounding per operation (`Math.fround` in JavaScript), in this order:

1. **Basket.** Product ids in the order they were put in, newest last. Of a product that occurs twice its newest place
   counts. Products without a row in the table are passed over. *Known* is what remains, as item indexes.
2. **Window.** The newest 20 of known. `age` is 0 for the newest.
3. **Weight of a place.** `w(age) = f32(0.1 + 0.9 * exp(-age / 2))`, evaluated in binary64 and rounded once.
4. **Scores.** Start from zeros. From the oldest place of the window to the newest, i being its item index:
   `p = f32(ws[i] * w(age))`, then for each filled place n of row i, j = nid[i, n] - 1:
   `score[j] = f32(score[j] + f32(w8[i, n] * p))`. A row holds j once, so the order within a row does not matter.
5. **Mask.** All of known leaves the race, also what is older than the window.
6. **Order.** Highest score first, the lower item index wins a tie. Items with a score of 0 are no answer.
7. **Fill.** When fewer than k are left, popularity order fills up, skipping known and what is already answered.
8. **Confidence** that the next item is among the ten best: with t1 and t2 the two highest scores, m the sum of the ten
   highest times f32(0.1), a missing one being 0, and L(x) = log(max(x, 0.001)):
   `1 / (1 + exp(-(c0 + c1 * L(t1) + c2 * (L(t1) - L(t2)) + c3 * L(m))))`; 0 when no item scores. Logarithms differ in
   their last places between libraries, so confidence agrees to 1e-4, items agree exactly.
9. **Age.** What a shopper is told multiplies that by `0.985 ** (age of the table in weeks)`, see `age_factor`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.services.table import Table

WINDOW = 20  # older lines of a long basket no longer say where the shopper is going
SCORE_FLOOR = np.float32(1e-3)  # below this a score is noise; it keeps the logarithms bounded
TENTH = np.float32(0.1)
HITS_AT = 10  # confidence speaks of the ten best
LOSS_PER_WEEK = 0.015  # measured: what a table that misses one weekly training loses of its hits
WEEK_S = 7 * 24 * 3600

AGES = np.arange(WINDOW - 1, -1, -1)
PLACE_WEIGHTS: NDArray[np.float32] = (0.1 + 0.9 * np.exp(-AGES / 2)).astype(np.float32)  # oldest place first


@dataclass(frozen=True, slots=True)
class Ranking:
    """Products best first, how many of them were scored (the rest are best sellers), and the raw confidence 0..1."""

    items: list[int]
    scored: int
    confidence: float


def known_items(table: Table, basket: Sequence[int]) -> NDArray[np.int64]:
    """Item indexes of a basket, newest last, each once (steps 1)."""
    newest_first = dict.fromkeys(reversed(basket))
    wanted = np.fromiter(reversed(newest_first), np.int64, len(newest_first))
    place = np.searchsorted(table.product_ids, wanted)
    place = np.minimum(place, table.rows - 1)
    found: NDArray[np.int64] = place[table.product_ids[place] == wanted]
    return found


def scores(table: Table, known: NDArray[np.int64]) -> NDArray[np.float32]:
    """Scores by item index, the basket masked with -1 (steps 2 to 5). Shapes: the answer is [V]."""
    total = np.zeros(table.rows + 1, np.float32)  # place 0 catches the empty neighbours
    window = known[-WINDOW:]
    for item, weight in zip(window, PLACE_WEIGHTS[WINDOW - len(window) :], strict=True):
        total[table.nid[item]] += table.w8[item].astype(np.float32) * (table.ws[item] * weight)
    total[known + 1] = -1
    return total[1:]


def confidence(table: Table, best: NDArray[np.float32]) -> float:
    """How likely the next item is among the ten best (step 8). Shapes: best [n], highest first, all above 0."""
    if not len(best):
        return 0.0
    ten = np.zeros(HITS_AT, np.float32)
    ten[: min(HITS_AT, len(best))] = best[:HITS_AT]
    first, second, mean = np.log(np.maximum([ten[0], ten[1], ten.sum() * TENTH], SCORE_FLOOR))
    features = np.array([1, first, first - second, mean], np.float32)
    return float(1 / (1 + np.exp(-(table.calibration @ features))))


def finish(table: Table, known: NDArray[np.int64], order: NDArray[np.int64], *, k: int, confidence: float) -> Ranking:
    """An answer of k, filled up (step 7). Shapes: order [n], scored item indexes outside the basket, best first."""
    chosen = order[:k].tolist()
    scored = len(chosen)
    taken = {*known.tolist(), *chosen}
    for item in table.popularity.tolist() if scored < k else ():
        if len(chosen) == k:
            break
        if item not in taken:
            chosen.append(item)
    return Ranking(table.product_ids[chosen].tolist(), scored, confidence)


def rank_numpy(table: Table, basket: Sequence[int], *, k: int) -> Ranking:
    """The reference: rank by the steps above with nothing but numpy."""
    known = known_items(table, basket)
    score = scores(table, known)
    order = np.argsort(-score, kind="stable")
    order = order[score[order] > 0]
    return finish(table, known, order, k=k, confidence=confidence(table, score[order]))


def age_factor(age_s: float) -> float:
    """What is left of the confidence of a table that old; a clock behind the training counts as fresh (step 9)."""
    left: float = (1 - LOSS_PER_WEEK) ** (max(age_s, 0.0) / WEEK_S)
    return left
