"""One array as its base plus whole steps, row by row: an exponent says what a row's step is worth.

The arithmetic is fixed, so that every machine arrives at the same bytes: `base + steps * worth` in float32, the product
rounded, then the sum.
"""

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import integers, sections, steps
from edgeshop.kernel.deltas.integers import Integers
from edgeshop.kernel.deltas.rans import Contexts
from edgeshop.kernel.deltas.steps import Exponents

Floats = NDArray[np.float32]
STEPS_MAX = 2**24  # so that a number of steps is exact in float32
PER_DOUBLING = 1  # classes of rows, and of columns, by their mean number of steps
CLASSES = 20  # of rows that move; rows that stay are a class of their own
MIDDLE = 8  # the class of rows that move by one step in the mean
ASIDE = 6  # columns differ from the mean by that many classes at most


def as_rows(array: Floats) -> Floats:
    """The array as a matrix: its first axis against all others; a vector is one row."""
    rows = len(array) if array.ndim > 1 else 1
    return array.reshape(rows, array.size // max(rows, 1))


def quantised(change: NDArray[np.float64], exponents: Exponents, *, limit: int = STEPS_MAX) -> Integers:
    """A change in steps, rounded to the nearest. Shapes: change [rows, width], exponents [rows]."""
    count = np.rint(change / steps.worth(exponents).astype(np.float64)[:, None])
    return np.clip(count, -limit, limit).astype(np.int64)


def added(base: Floats, taken: Integers, exponents: Exponents) -> Floats:
    """The base and its steps, by the fixed arithmetic. Shapes: [rows, width] and [rows]."""
    product = taken.astype(np.float32) * steps.worth(exponents)[:, None]
    total: Floats = base + product
    return total


def encode(taken: Integers, exponents: Exponents) -> bytes:
    """Steps and what they are worth. Shapes: [rows, width] and [rows]."""
    by_row = _row_classes(taken)
    moved = by_row > 0
    by_column = _column_classes(taken[moved])
    lowest = int(exponents[moved].min(initial=steps.HIGHEST))
    parts = [
        lowest.to_bytes(2, "little", signed=True),
        _encode_plain(by_row),
        _encode_plain(by_column),
        _encode_plain(exponents[moved] - lowest),
        integers.encode(taken[moved].ravel(), _contexts(by_row[moved], by_column)),
    ]
    return sections.join(parts)


def decode(data: bytes, base: Floats) -> Floats:
    """The base with the steps taken. Shapes: [rows, width]. Raises: BadDelta."""
    lowest, rows_data, columns_data, exponents_data, taken_data = sections.split(data, 5)
    by_row = integers.decode(rows_data, _plain(len(base)))
    by_column = integers.decode(columns_data, _plain(base.shape[1]))
    moved = by_row != 0
    exponents = integers.decode(exponents_data, _plain(int(moved.sum())))
    exponents += int.from_bytes(lowest, "little", signed=True)
    taken = integers.decode(taken_data, _contexts(by_row[moved], by_column)).reshape(-1, base.shape[1])
    result = base.copy()
    result[moved] = added(base[moved], taken, exponents)
    return result


def _row_classes(taken: Integers) -> Integers:
    """0 for rows without a step, else 1..CLASSES by how many steps they take."""
    mean = np.abs(taken).mean(axis=1)
    classes: Integers = np.where(mean > 0, np.clip(_doublings(mean) + MIDDLE, 1, CLASSES), 0)
    return classes


def _column_classes(moved: Integers) -> Integers:
    """How far each column's steps are from the mean. Shapes: moved [rows, width], the answer is [width]."""
    mean = np.abs(moved).mean(axis=0) if len(moved) else np.zeros(moved.shape[1])
    classes: Integers = np.clip(_doublings(mean) - _doublings(mean.mean()), -ASIDE, ASIDE)
    return classes


def _doublings(mean: NDArray[np.float64]) -> Integers:
    doublings: Integers = np.rint(np.log2(np.maximum(mean, 2.0**-20)) * PER_DOUBLING).astype(np.int64)
    return doublings


def _contexts(by_row: Integers, by_column: Integers) -> Contexts:
    """The context of each number of some rows: how many steps its row and its column make likely. Shapes: flat."""
    both = by_row[:, None] + by_column[None, :]
    contexts: Contexts = np.clip(both, 1, CLASSES + ASIDE).astype(np.uint8).ravel()
    return contexts


def _encode_plain(values: Integers) -> bytes:
    return integers.encode(values, _plain(len(values)))


def _plain(count: int) -> Contexts:
    return np.zeros(count, np.uint8)
