"""A count coder: each symbol costs what its count so far says, so a small column reaches its entropy without a table.

Counts begin at one and grow by `increment`; they are looked at again after every eighth of what is known, so the work
is linear. Sources: Martin 1979 "Range encoding"; Krichevsky and Trofimov 1981 for the estimate.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, repeat
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.columns.errors import MalformedColumn

INCREMENTS = (1, 2, 8, 32)  # how quickly the counts are believed: written as two bits
SYMBOLS_MAX = 4096
COUNT_MAX = 1 << 32  # the sum of all counts; keeps a step of the range above zero
_BITS = 48
_TOP, _FLOOR = 1 << _BITS, 1 << _BITS - 8


def cost(counts: NDArray[np.int64], increment: int) -> float:
    """What symbols with these final counts cost in any order. Shapes: counts [symbols]. Units: bits."""
    prior, symbols = 1 / increment, len(counts)
    seen = Counter(counts[counts > 0].tolist())
    n = sum(count * times for count, times in seen.items())
    gained = sum(times * (lgamma(count + prior) - lgamma(prior)) for count, times in seen.items())
    return (lgamma(n + symbols * prior) - lgamma(symbols * prior) - gained) / log(2)


def encode(values: list[int], symbols: int, increment: int) -> bytes:
    """Shapes: values [n], each below `symbols`."""
    counts, out, low, span = [1] * symbols, bytearray(), 0, _TOP
    for start, stop in _stretches(len(values)):
        below = [0, *accumulate(counts)]
        for value in values[start:stop]:
            step = span // below[-1]
            low, span = low + below[value] * step, counts[value] * step
            low = _carry(out, low)
            while span < _FLOOR:
                out.append(low >> _BITS - 8)
                low, span = low << 8 & _TOP - 1, span << 8
        _learn(counts, values[start:stop], increment)
    return _last(out, low, span)


def decode(payload: bytes, n: int, symbols: int, increment: int) -> list[int]:
    """Shapes: the answer is [n]. Raises: MalformedColumn."""
    if symbols + n * increment >= COUNT_MAX:
        raise MalformedColumn("A counted column is too long.", rows=n)
    counts, values, span = [1] * symbols, list[int](), _TOP
    source = chain(payload, repeat(0))
    code = int.from_bytes(bytes(next(source) for _ in range(_BITS // 8)), "big")
    for start, stop in _stretches(n):
        below = [0, *accumulate(counts)]
        for _ in range(start, stop):
            step = span // below[-1]
            value = bisect_right(below, code // step) - 1
            if value >= symbols:
                raise MalformedColumn("A counted column leaves its range.", rows=n)
            code, span = code - below[value] * step, counts[value] * step
            values.append(value)
            while span < _FLOOR:
                code, span = code << 8 | next(source), span << 8
        _learn(counts, values[start:stop], increment)
    return values


def _stretches(n: int) -> Iterator[tuple[int, int]]:
    """Where the counts are looked at again: after each of the first sixteen symbols, then after ever more."""
    start = 0
    while start < n:
        stop = min(n, start + max(1, start // 8))
        yield start, stop
        start = stop


def _learn(counts: list[int], values: Iterable[int], increment: int) -> None:
    for value in values:
        counts[value] += increment


def _carry(out: bytearray, low: int) -> int:
    """Adds one to what is written already when `low` has run over."""
    if low < _TOP:
        return low
    place = len(out) - 1
    while out[place] == 255:
        out[place] = 0
        place -= 1
    out[place] += 1
    return low - _TOP


def _last(out: bytearray, low: int, span: int) -> bytes:
    """The fewest bytes that end inside the range; the reader takes zeros for what is missing."""
    for size in range(_BITS // 8 + 1):
        mask = (_TOP - 1) >> 8 * size
        end = low + mask & ~mask
        if end < low + span:
            out += _carry(out, end).to_bytes(_BITS // 8, "big")[:size]
            break
    return bytes(out).rstrip(b"\0")
