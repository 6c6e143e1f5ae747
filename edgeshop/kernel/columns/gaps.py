"""Where a column has no value: the row lacks the key, or holds a null there.

Columns of one table often miss in the same rows (a new product brings all its fields, a changed one two), or each where
the other does not (two kinds of facts): a pattern seen before in the table is named, not written again.
"""

from typing import Any

import numpy as np

from edgeshop.kernel.columns import numbers
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, uvarint

THERE, MISSING, NULL = range(3)
AGAIN, OPPOSITE = 32, 33  # stand where the form of a column of numbers would, which is never one of these
ABSENT: Any = object()  # what a row without the key has


class Gaps:
    """The patterns of one table, in the order they appear."""

    def __init__(self) -> None:
        self._seen: list[list[int]] = []

    def write(self, states: list[int], codecs: frozenset[int]) -> bytes:
        """Shapes: states [rows]."""
        for form, pattern in ((AGAIN, states), (OPPOSITE, _opposite(states))):
            if pattern in self._seen and (form == AGAIN or NULL not in states):
                return bytes([form]) + uvarint(self._seen.index(pattern))
        self._seen.append(states)
        return numbers.encode(np.array(states, np.int64), codecs, palette=False)

    def read(self, reader: Reader, n: int) -> list[int]:
        """Shapes: the answer is [n]. Raises: MalformedColumn."""
        if reader.peek(1) not in (bytes([AGAIN]), bytes([OPPOSITE])):
            self._seen.append([*numbers.decode(reader, n).tolist()])
            return self._seen[-1]
        form, place = reader.byte(), reader.uvarint()
        if place >= len(self._seen):
            raise MalformedColumn("A column is missing where no column before it was.", place=place)
        return _opposite(self._seen[place]) if form == OPPOSITE else self._seen[place]


def _opposite(states: list[int]) -> list[int]:
    """There where the other is missing. Shapes: states [rows], the answer is [rows]."""
    return [MISSING if state == THERE else THERE for state in states]


def states_of(values: list[Any]) -> list[int]:
    """Shapes: values [rows], the answer is [rows]. A column of nulls alone has them as its value."""
    nulls = any(value is not ABSENT and value is not None for value in values)
    return [MISSING if value is ABSENT else NULL if nulls and value is None else THERE for value in values]


def filled(states: list[int], found: list[Any]) -> list[Any]:
    """The values in their rows. Shapes: states [rows], found [those that are there]."""
    source = iter(found)
    return [next(source) if state == THERE else None if state == NULL else ABSENT for state in states]
