"""A decision table: all that a node needs to decide alone, for weeks if need be, in a few hundred bytes.

For each slot of the day and each stream it holds two thresholds, as in the joint replenishment problem (Balintfy 1964):
from a backlog of `must` on the stream is worth a contact of its own, from `can` on it is worth its bytes in a contact
that is made anyway. Between them streams share the contact: each brings the part of the way it has gone from `can` to
`must`, and the contact is made when the parts reach one. Where a full copy costs no more than a few deltas there is a
third fact: from `skip` to before `again` it is wiser to wait for that, although less would have been sent at once.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.errors import TableMalformed
from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.workload import SLOTS, Floats

NEVER = 255
TABLE_BYTES_MAX = 500  # what a contact may spend on a table, design section 5
_FORM = 1
_HEAD = struct.Struct("<BBdH")
_HOURS, _SLOTS_PER_HOUR = 24, SLOTS // 24
Thresholds = NDArray[np.uint8]


@dataclass(frozen=True)
class Table:
    """Thresholds for one node, or for many nodes side by side.

    Shapes: must, can, skip and again [96, streams], or [96, nodes, streams]; rates [24, streams], changes per slot by
    hour of the day; worst_grades [streams]. Units: thresholds are backlogs, 255 is never; mu is harm per money.
    """

    streams: tuple[str, ...]
    mu: float
    must: Thresholds
    can: Thresholds
    skip: Thresholds
    again: Thresholds
    rates: Floats
    worst_grades: NDArray[np.uint8]

    @cached_property
    def floor(self) -> Floats:
        """The backlog at which a stream begins to speak for a contact; shape of `must`."""
        return self.can.astype(float) - 1.0

    @cached_property
    def slope(self) -> Floats:
        """What each change beyond `floor` brings towards a contact; nothing where a stream never asks for one."""
        way = np.maximum(self.must - self.floor, 1.0)
        return np.where((self.must == NEVER) | (self.can == NEVER), 0.0, 1.0 / way)

    @cached_property
    def expected(self) -> Floats:
        """Changes expected from midnight to the beginning of each slot. Shape: [97, streams]."""
        by_slot = np.repeat(self.rates, _SLOTS_PER_HOUR, axis=0)
        return np.concatenate([np.zeros((1, by_slot.shape[1])), by_slot.cumsum(0)])

    def to_bytes(self) -> bytes:
        """The table of one node as it travels."""
        names = "\n".join(self.streams).encode()
        head = _HEAD.pack(_FORM, len(self.streams), self.mu, len(names))
        steps = [np.diff(t, axis=0, prepend=np.zeros((1, t.shape[1]), np.uint8)) for t in self._thresholds()]
        body = [s.T.astype(np.uint8).tobytes() for s in steps]  # by stream: steps within a day are mostly nought
        rates = self.rates.T.astype("<f2").tobytes()
        return zlib.compress(b"".join([head, names, self.worst_grades.tobytes(), rates, *body]), 9)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Table":
        """The table in `data`. Raises: TableMalformed."""
        try:
            return cls._read(_inflated(data))
        except (zlib.error, struct.error, ValueError, IndexError) as error:
            raise TableMalformed("This is no decision table of a form that is known here.") from error

    @classmethod
    def _read(cls, plain: bytes) -> "Table":
        form, count, mu, names_len = _HEAD.unpack_from(plain)
        names_end = _HEAD.size + names_len
        streams = tuple(plain[_HEAD.size : names_end].decode().split("\n"))
        sizes = (count, 2 * _HOURS * count, *[SLOTS * count] * 4)
        if form != _FORM or len(streams) != count or len(plain) != names_end + sum(sizes):
            raise ValueError("form or size")
        ends = np.cumsum((names_end, *sizes)).tolist()
        grades, rates, *steps = (plain[a:b] for a, b in pairwise(ends))
        must, can, skip, again = (_summed(step, count) for step in steps)
        return cls(
            streams=streams,
            mu=mu,
            must=must,
            can=can,
            skip=skip,
            again=again,
            rates=np.frombuffer(rates, "<f2").astype(float).reshape(count, _HOURS).T,
            worst_grades=np.frombuffer(grades, np.uint8),
        )

    @classmethod
    def side_by_side(cls, tables: Sequence["Table"]) -> "Table":
        """Tables of many nodes as one, so that one call decides for all. Their streams must be the same."""
        first = tables[0]
        thresholds = zip(*(t._thresholds() for t in tables), strict=True)
        stacked = [np.stack(each, axis=1) for each in thresholds]
        must, can, skip, again = stacked
        return replace(first, must=must, can=can, skip=skip, again=again)

    def for_nodes(self, columns: NDArray[np.integer]) -> "Table":
        """The table of nodes by their columns in a table of many."""
        must, can, skip, again = (t[:, columns] for t in self._thresholds())
        return replace(self, must=must, can=can, skip=skip, again=again)

    def _thresholds(self) -> tuple[Thresholds, Thresholds, Thresholds, Thresholds]:
        return self.must, self.can, self.skip, self.again

    def allows(self, grade: Grade | NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which streams travel on links of a grade. Shape: [streams], or [nodes, streams]."""
        return np.asarray(np.asarray(grade)[..., None] <= self.worst_grades)


def _summed(steps: bytes, count: int) -> Thresholds:
    by_stream = np.frombuffer(steps, np.uint8).reshape(count, SLOTS)
    return np.cumsum(by_stream, axis=1, dtype=np.uint8).T


def _inflated(data: bytes) -> bytes:
    reader = zlib.decompressobj()
    plain = reader.decompress(data, 64 * 1024)
    if not reader.eof or reader.unused_data:
        raise ValueError("cut short, or more than a table")
    return plain
