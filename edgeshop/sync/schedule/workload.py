"""What a schedule is made for: streams that fall behind, and kinds of node that suffer and pay for it.

A slot is a quarter of an hour of local time. A *backlog* is the number of changes of one stream that a node lacks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.grades import Grade

SLOTS = 96
BACKLOG_MAX = 255  # nothing is decided differently beyond; also what fits a byte of a table, where 255 means never
Floats = NDArray[np.float64]


def distinct(changes: NDArray[np.number], live: int) -> Floats:
    """How many different items `changes` changes touch when each falls on any of `live` items alike."""
    return np.asarray(live * -np.expm1(np.asarray(changes, float) * np.log1p(-1 / live)), float)


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: how fast it changes, what a backlog costs to carry, and what it hurts not to have.

    Shapes: rates [96], changes per slot. Units: bytes; harm in requests hurt per request made.
    `live` is how many items changes fall on, 0 when each change counts by itself. `is_up` means that the node makes
    the changes and so knows its backlog. `worst_grade` is the poorest link on which the stream still travels.
    """

    name: str
    rates: Floats
    bytes_first: float
    bytes_per_change: float
    bytes_full: float
    harm_per_change: float
    harm_max: float
    live: int = 0
    is_up: bool = False
    is_watched_by_shoppers: bool = True
    worst_grade: Grade = Grade.D

    def items(self, backlog: NDArray[np.number]) -> Floats:
        """How many different items a backlog touches; same shape."""
        return distinct(backlog, self.live) if self.live > 1 else np.asarray(backlog, float)

    def bytes_of(self, backlog: NDArray[np.number]) -> Floats:
        """Bytes that carry a backlog, beyond the contact itself; same shape."""
        some = np.where(np.asarray(backlog) > 0, self.bytes_first, 0.0)
        return np.asarray(some + np.minimum(self.bytes_per_change * self.items(backlog), self.bytes_full))

    def harm_of(self, backlog: NDArray[np.number]) -> Floats:
        """Requests hurt per request made while a node lacks this backlog; same shape."""
        return np.minimum(self.harm_max, self.harm_per_change * self.items(backlog))


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of node, one row each: a class of the fleet file at one size of traffic.

    Shapes: weights [streams, kinds, 96], requests a slot that a stream's backlog can hurt; prices [kinds, 96], money
    per byte; fail and repair [kinds], chances per slot that a link that is up goes down, and the reverse.
    """

    names: tuple[str, ...]
    grades: tuple[Grade, ...]
    weights: Floats
    prices: Floats
    fail: Floats
    repair: Floats

    @property
    def count(self) -> int:
        """How many kinds there are."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Workload:
    """Everything that a schedule is solved for. `contact_bytes` is what one contact costs before any stream."""

    streams: tuple[Stream, ...]
    kinds: Kinds
    contact_bytes: float
