"""An older table in the numbering of a newer one: where both a settled table and a delta begin.

Whoever has the two tables' product ids and the older table arrives at the same, in whole numbers and in single
products of IEEE 754 binary64.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.services.table import Table

TIERS = (0.125, 0.25, 0.5, 1.0)  # best sellers first: shares of the rows, which matter less from one to the next


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The older table's columns; a product it does not know has an empty row, and a neighbour that is gone is 0.

    Shapes: nid, w8 [V, N] and ws [V] as in a table, places in no order; popularity [V], unknown products last;
    tier [V], the place of each row's product in TIERS.
    """

    nid: NDArray[np.int64]
    w8: NDArray[np.int64]
    ws: NDArray[np.float32]
    popularity: NDArray[np.int64]
    tier: NDArray[np.int64]


def aligned(base: Table, product_ids: NDArray[np.int32]) -> Aligned:
    """The base in the numbering of these products. Shapes: product_ids [V], ascending."""
    rows = len(product_ids)
    stays, place = places(base.product_ids, product_ids)
    number = np.zeros(base.rows + 1, np.int64)  # by the base's item index + 1, 0 for what is gone
    number[1:][stays] = place[stays] + 1
    nid, w8 = np.zeros((2, rows, base.nid.shape[1]), np.int64)
    nid[place[stays]] = number[base.nid[stays]]
    w8[place[stays]] = np.where(number[base.nid[stays]] > 0, base.w8[stays], 0)
    ws = np.zeros(rows, np.float32)
    ws[place[stays]] = base.ws[stays]
    known = number[base.popularity.astype(np.int64) + 1]
    known = known[known > 0] - 1
    popularity = np.concatenate([known, np.setdiff1d(np.arange(rows), known)])
    return Aligned(nid, w8, ws, popularity, _tiers(popularity))


def rescaled(w8: NDArray[np.int64], old: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.int64]:
    """Weights in steps of new row scales. Shapes: w8 [V, N], old and new [V]."""
    ratio = np.where(new > 0, old.astype(np.float64) / np.where(new > 0, new, 1), 0)
    steps: NDArray[np.int64] = np.clip(np.rint(w8 * ratio[:, None]), 0, 255).astype(np.int64)
    return steps


def places(old: NDArray[np.int32], new: NDArray[np.int32]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of the old ids are among the new ones, and where."""
    place = np.minimum(np.searchsorted(new, old), len(new) - 1)
    return new[place] == old, place


def _tiers(popularity: NDArray[np.int64]) -> NDArray[np.int64]:
    rows = len(popularity)
    tier = np.empty(rows, np.int64)
    tier[popularity] = np.searchsorted(np.array(TIERS) * rows, np.arange(rows), side="right")
    return tier
