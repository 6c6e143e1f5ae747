"""Columns of rising numbers most of which the reader has just seen elsewhere, as the keys of an earlier page: which of
those are here, and the others.
"""

import numpy as np

from edgeshop.kernel.columns import integers, numbers
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader
from edgeshop.kernel.columns.rice import Ints

AMONG = 16  # the kind of such a column


def encode(values: list[int], known: Ints, codecs: frozenset[int]) -> bytes | None:
    """None where this form does not fit. Shapes: values [n], known [m], rising."""
    here = np.array(values, np.int64)
    if not len(known) or np.any(np.diff(here) <= 0):
        return None
    others = np.setdiff1d(here, known)
    if len(others) == len(here):
        return None
    named = numbers.encode(np.isin(known, here).astype(np.int64), codecs, palette=False)
    if not len(others):
        return named
    shape, column = integers.encode(others.tolist(), codecs)
    return named + bytes([shape]) + column


def decode(reader: Reader, n: int) -> list[int]:
    """Shapes: the answer is [n]. Raises: MalformedColumn."""
    named = numbers.decode(reader, len(reader.known))
    found = reader.known[np.flatnonzero(named)]
    if len(found) > n:
        raise MalformedColumn("A column names more known numbers than it has rows.", rows=n)
    if len(found) < n:
        found = np.sort(np.concatenate((found, _others(reader, n - len(found)))))
    return [*found.tolist()]


def _others(reader: Reader, n: int) -> Ints:
    shape = reader.byte()
    if shape > integers.RISING:
        raise MalformedColumn("A column of numbers has an unknown shape.", shape=shape)
    return integers.decode(reader, n, shape)
