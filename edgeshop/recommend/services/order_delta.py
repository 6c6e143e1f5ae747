"""How an order of the same things changed: the fewest that must be taken out, and where they are put back."""

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import BadDelta, integers, sections

_LOW = 6  # bits of a number that are as good as random

Order = NDArray[np.int64]


def encode(old: Order, new: Order) -> bytes:
    """What turns one order of 0..n-1 into another. Shapes: [n] both."""
    rank = np.empty(len(old), np.int64)
    rank[old] = np.arange(len(old))
    moved_to = np.flatnonzero(~_rising(rank[new]))
    return sections.join([*_encode(np.diff(moved_to, prepend=0)), *_encode(rank[new[moved_to]])])


def decode(data: bytes, old: Order) -> Order:
    """The other order. Shapes: [n]. Raises: BadDelta."""
    parts = sections.split(data, 6)
    moved_to, moved = np.cumsum(_decode(*parts[:3])), _decode(*parts[3:])
    places = np.concatenate([moved_to, moved])
    if len(moved) != len(moved_to) or (places < 0).any() or (places >= len(old)).any():
        raise BadDelta("The delta moves something that is not there.", reason="content")
    new = np.full(len(old), -1)
    new[moved_to] = old[moved]
    rest = np.delete(old, moved)
    if (new < 0).sum() != len(rest):
        raise BadDelta("The delta moves something twice.", reason="content")
    new[new < 0] = rest
    return new


def _rising(values: Order) -> NDArray[np.bool_]:
    """Which values make up a longest rising subsequence.

    Source: C. Schensted, Longest increasing and decreasing subsequences, Canad. J. Math. 13 (1961).
    """
    tops: list[int] = []
    length = np.zeros(len(values), np.int64)
    for place, value in enumerate(values.tolist()):
        pile = bisect_left(tops, value)
        tops[pile : pile + 1] = [value]
        length[place] = pile + 1
    chosen = np.zeros(len(values), np.bool_)
    wanted, below = len(tops), len(values)
    for place in range(len(values) - 1, -1, -1):
        if length[place] == wanted and values[place] < below:
            chosen[place], wanted, below = True, wanted - 1, values[place]
    return chosen


def _encode(values: Order) -> list[bytes]:
    plain = np.zeros(len(values), np.uint8)
    count = len(values).to_bytes(2, "little")
    return [count, integers.encode(values >> _LOW, plain), integers.encode(values & (1 << _LOW) - 1, plain)]


def _decode(count: bytes, high: bytes, low: bytes) -> Order:
    plain = np.zeros(int.from_bytes(count[:2], "little"), np.uint8)
    return (integers.decode(high, plain) << _LOW) + integers.decode(low, plain)
