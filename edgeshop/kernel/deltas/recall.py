"""How good reconstructed vectors are: whether the same ones are near. A measure for a gate."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas.delta import Arrays
from edgeshop.kernel.deltas.rows import Floats

NEIGHBOURS = 10
_AT_ONCE = 100  # questions, so that their answers for many thousand rows fit into memory
_TINY = np.finfo(np.float32).tiny  # a row of zeros has no direction

Rows = NDArray[np.int64]


def recall(reference: Floats, queries: Rows) -> Callable[[Arrays], float]:
    """Measures which share of the true ten nearest by cosine reconstructed vectors keep, asked at some rows.

    Shapes: reference [n, d] and so the first array that is measured; queries [q], at least one row of n > 1.
    """
    count = min(NEIGHBOURS, len(reference) - 1)
    true = _nearest(reference, queries, count)

    def measure(got: Arrays) -> float:
        found = _nearest(got[0], queries, count)
        return float((true[:, :, None] == found[:, None, :]).any(axis=2).mean())

    return measure


def cosines(vectors: Floats, rows: Rows) -> Floats:
    """How near every row is to some of them; each to itself is -inf. Shapes: [n, d] and [q], the answer is [q, n]."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _TINY)
    near: Floats = unit[rows] @ unit.T
    near[np.arange(len(rows)), rows] = -np.inf
    return near


def _nearest(vectors: Floats, queries: Rows, count: int) -> Rows:
    parts = [queries[at : at + _AT_ONCE] for at in range(0, len(queries), _AT_ONCE)]
    return np.concatenate([np.argpartition(-cosines(vectors, part), count)[:, :count] for part in parts])
