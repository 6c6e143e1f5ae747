"""From a dense matrix to the rows of a table: the strongest neighbours of each item, their weights in eight bits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.services.table import NEIGHBOURS

BLOCK = 512  # rows worked on at a time, to spare memory
STEPS = 255  # the largest weight of a row
SCALES_PER_DOUBLING = 4  # row scales snap to powers of 2^(1/4), so that they rarely move from week to week

Rows = tuple[NDArray[np.uint16], NDArray[np.uint8], NDArray[np.float32]]


def quantised(matrix: NDArray[np.float32]) -> Rows:
    """The columns nid, w8 and ws of a table, see its file format. Shapes: matrix [V, V] with zeros on its diagonal."""
    blocks = [strongest(matrix[start : start + BLOCK]) for start in range(0, len(matrix), BLOCK)]
    items, weights = (np.concatenate(column) for column in zip(*blocks, strict=True))
    scale = scale_of(weights.max(axis=1))
    worth = np.where(scale > 0, scale, 1)[:, None]  # a row without neighbours has no scale to divide by
    return in_order(items, np.minimum(np.rint(weights / worth), STEPS), scale)


def in_order(items: NDArray[np.int64], steps: NDArray[Any], scale: NDArray[np.float32]) -> Rows:
    """The columns of rows: filled places first and ascending. Shapes: items and steps [n, N], scale [n]."""
    nid = np.where(steps > 0, items + 1, 0)
    order = np.argsort(np.where(nid > 0, nid, np.iinfo(np.int64).max), axis=1, kind="stable")
    w8 = np.take_along_axis(steps.astype(np.uint8), order, 1)
    return np.take_along_axis(nid, order, 1).astype(np.uint16), w8, scale


def strongest(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The strongest columns of some rows, weights not below 0, in no order. Shapes: matrix [n, V], answers [n, N]."""
    wide = np.zeros((len(matrix), max(matrix.shape[1], NEIGHBOURS)), np.float32)
    np.maximum(matrix, 0, out=wide[:, : matrix.shape[1]])
    items = np.argpartition(-wide, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
    return items, np.take_along_axis(wide, items, 1)


def scale_of(largest: NDArray[np.float32]) -> NDArray[np.float32]:
    """What one step of a row is worth: its largest weight rounded up to the next snapped scale, over the steps."""
    doublings = np.log2(np.maximum(largest.astype(np.float64), 1e-6))
    snapped = 2.0 ** (np.ceil(doublings * SCALES_PER_DOUBLING) / SCALES_PER_DOUBLING)
    return np.where(largest > 0, snapped / STEPS, 0).astype(np.float32)
