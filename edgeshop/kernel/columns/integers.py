"""Columns of whole numbers of either sign, by whichever of their shapes is smallest.

PLAIN    the numbers themselves, none negative
FOLDED   zigzag
OFFSET   the smallest, then how far each lies above it
STEPS    the first, then zigzag of each difference to the one before
RISING   the first, the smallest difference, then how far each difference lies above it
"""

from collections.abc import Iterator

import numpy as np

from edgeshop.kernel.columns import numbers
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, zigzag
from edgeshop.kernel.columns.rice import Ints

PLAIN, FOLDED, OFFSET, STEPS, RISING = range(5)
SIZE_MAX = 1 << 61  # so that differences and their zigzag stay below 2**63


def encode(values: list[int], codecs: frozenset[int]) -> tuple[int, bytes]:
    """(shape, bytes). Shapes: values [n], n > 0, each below SIZE_MAX in size."""
    return min(_shapes(np.array(values, np.int64), codecs), key=lambda pair: len(pair[1]))


def decode(reader: Reader, n: int, shape: int) -> Ints:
    """Shapes: the answer is [n]. Raises: MalformedColumn. Sums of hostile numbers wrap, they do not fail."""
    if not n:
        raise MalformedColumn("A column of numbers has no rows.")
    if shape == PLAIN:
        return numbers.decode(reader, n)
    if shape == FOLDED:
        return _unfolded(numbers.decode(reader, n))
    first = np.array([reader.zigzag()], np.int64)
    if shape == OFFSET:
        return first + numbers.decode(reader, n)
    least = np.int64(reader.zigzag()) if shape == RISING else np.int64(0)
    steps = numbers.decode(reader, n - 1)
    steps = steps + np.array([least]) if shape == RISING else _unfolded(steps)
    return np.cumsum(np.concatenate((first, steps)))


def _shapes(values: Ints, codecs: frozenset[int]) -> Iterator[tuple[int, bytes]]:
    least = int(values.min())
    if least >= 0:
        yield PLAIN, numbers.encode(values, codecs)
    else:
        yield FOLDED, numbers.encode(_folded(values), codecs)
    if least:
        yield OFFSET, zigzag(least) + numbers.encode(values - least, codecs)
    if len(values) > 1:
        first, steps = zigzag(int(values[0])), np.diff(values)
        if (rise := int(steps.min())) >= 0:
            yield RISING, first + zigzag(rise) + numbers.encode(steps - rise, codecs)
        else:
            yield STEPS, first + numbers.encode(_folded(steps), codecs)


def _folded(values: Ints) -> Ints:
    return values << 1 ^ values >> 63


def _unfolded(values: Ints) -> Ints:
    return values >> 1 ^ -(values & 1)
