"""A new table that stays near the one before it, so that the difference is a few kilobytes and ranks as well.

Most of what changes in a week is noise among weak neighbours of products that hardly sell. So a neighbour that is there
counts as somewhat more than it is, and a weight that moved little stays; best sellers are held to far finer steps than
the rest, because their rows answer most of the questions. The next table is settled against this one, errors and all,
so its distance from a fresh one levels off over the weeks; the gate is asked every time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.services.alignment import Aligned, rescaled
from edgeshop.recommend.services.rows import BLOCK, STEPS, Rows, in_order, scale_of, strongest

Matrix = NDArray[np.float32]
LEADERS = 64  # best sellers whose order is exact: they fill up answers
LEVELS_PER_DOUBLING = 1  # of sales; products on one level keep the order they had


@dataclass(frozen=True, slots=True)
class Tolerance:
    """By tier, best sellers first: what an old neighbour counts for, and by how many steps a weight moves at a time.

    Units: `loyalty` a factor of at least 1; `grid` steps of a row's scale. A weight that moved by less than three
    quarters of the grid stays.
    """

    loyalty: tuple[float, float, float, float]
    grid: tuple[int, int, int, int]


# Measured on a year of real baskets, see docs/sync.md: the coarsest that ranks as well is taken.
TOLERANCES = (
    Tolerance((1.25, 1.5, 2.0, 3.0), (4, 8, 16, 32)),
    Tolerance((1.1, 1.25, 1.5, 2.0), (2, 8, 16, 32)),
    Tolerance((1.1, 1.2, 1.3, 1.5), (2, 4, 8, 16)),
)


def settled_rows(matrix: Matrix, base: Aligned, tolerance: Tolerance) -> Rows:
    """The columns nid, w8 and ws of a table near the base. Shapes: matrix [V, V] as for `rows.quantised`."""
    blocks = [_block(matrix, base, tolerance, start) for start in range(0, len(matrix), BLOCK)]
    nid, w8, ws = (np.concatenate(column) for column in zip(*blocks, strict=True))
    return nid, w8, ws


def settled_popularity(sold: NDArray[np.float64], base: Aligned) -> NDArray[np.uint16]:
    """Item indexes by sales: leaders exactly, others by level and on one level as they were. Shapes: sold [V]."""
    leaders = np.argsort(-sold, kind="stable")[:LEADERS]
    rank = np.empty(len(sold), np.int64)
    rank[base.popularity] = np.arange(len(sold))
    level = np.rint(np.log2(np.maximum(sold, 2.0**-20)) * LEVELS_PER_DOUBLING)
    level[leaders] = np.inf
    rank[leaders] = np.arange(len(leaders))
    return np.lexsort((rank, -level)).astype(np.uint16)


def _block(matrix: Matrix, base: Aligned, tolerance: Tolerance, start: int) -> Rows:
    here = slice(start, start + BLOCK)
    old_nid, tier = base.nid[here], base.tier[here]
    rows, places = np.nonzero(old_nid)
    old_steps = np.zeros((len(old_nid), matrix.shape[1]), np.int64)
    old_steps[rows, old_nid[rows, places] - 1] = base.w8[here][rows, places]
    seen = matrix[here].copy()
    seen[rows, old_nid[rows, places] - 1] *= np.array(tolerance.loyalty, np.float32)[tier[rows]]
    chosen = strongest(seen)[0]
    items = np.minimum(chosen, matrix.shape[1] - 1)  # a shop of fewer products than places has columns that are none
    weights = np.where(items == chosen, np.maximum(np.take_along_axis(matrix[here], items, 1), 0), 0)
    scale = _scale(weights.max(axis=1), base.ws[here])
    before = rescaled(np.take_along_axis(old_steps, items, 1), base.ws[here], scale)
    return in_order(items, _steps(weights, scale, before, np.array(tolerance.grid)[tier]), scale)


def _scale(largest: NDArray[np.float32], old: NDArray[np.float32]) -> NDArray[np.float32]:
    """The old scale of a row while its largest weight fits and uses half of the steps, else a new one."""
    fits = (largest <= old * (STEPS + 0.5)) & (largest > old * (STEPS / 2))
    return np.where(fits, old, scale_of(largest)).astype(np.float32)


def _steps(
    weights: NDArray[np.float32], scale: NDArray[np.float32], before: NDArray[np.int64], grid: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The old weights moved by whole grid steps towards the new ones; 0 where there is nothing any more."""
    wanted = np.minimum(np.rint(weights / np.where(scale > 0, scale, 1)[:, None]), STEPS).astype(np.int64)
    wide = np.broadcast_to(grid[:, None], wanted.shape)
    moved = wanted - before
    taken = np.where(4 * np.abs(moved) >= 3 * wide, wide * np.rint(moved / wide).astype(np.int64), 0)
    new = np.maximum(wide * np.rint(wanted / wide).astype(np.int64), np.minimum(wanted, 1))
    steps = np.where(before > 0, np.maximum(before + taken, 1), new)
    return np.where(wanted > 0, np.minimum(steps, STEPS), 0)
