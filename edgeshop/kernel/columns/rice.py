"""Rice codes: the quotient by 2**k in unary, the rest in k bits; near the entropy of gaps between random places.

All quotients stand first and all low bits after them, so both are read at once. Source: Rice and Plaunt 1971.
"""

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader

Ints = NDArray[np.int64]
LOW_MAX = 62


def best(values: Ints) -> tuple[int, float]:
    """The best k and what it costs. Shapes: values [n], n > 0, none negative. Units: bits."""
    width = min(int(values.max()).bit_length(), LOW_MAX)
    costs = [float(np.sum(values >> k, dtype=np.float64)) + (k + 1) * len(values) for k in range(width + 1)]
    k = int(np.argmin(costs))
    return k, costs[k]


def encode(values: Ints, k: int) -> bytes:
    """Quotients in unary (ones, then a zero), then the low bits. Shapes: values [n]."""
    ends = np.cumsum((values >> k) + 1) - 1
    unary = np.ones(int(ends[-1]) + 1, np.uint8)
    unary[ends] = 0
    return np.packbits(np.concatenate((unary, low_bits(values, k)))).tobytes()


def decode(reader: Reader, n: int, k: int) -> Ints:
    """Shapes: the answer is [n], n > 0. Raises: MalformedColumn."""
    size = n // 4 + 8
    while len(ends := np.flatnonzero(_bits(reader.peek(size)) == 0)[:n]) < n:
        if len(reader.peek(size)) < size:
            raise MalformedColumn("A column of Rice codes ends too early.", rows=n)
        size *= 2
    unary = int(ends[-1]) + 1
    bits = _bits(reader.take((unary + n * k + 7) // 8))
    return (np.diff(ends, prepend=-1) - 1 << k) | from_low_bits(bits[unary : unary + n * k], n, k)


def low_bits(values: Ints, k: int) -> NDArray[np.uint8]:
    """The k low bits of each value, highest first. Shapes: values [n], the answer is [n·k]."""
    return (values[:, None] >> np.arange(k - 1, -1, -1) & 1).astype(np.uint8).ravel()


def from_low_bits(bits: NDArray[np.uint8], n: int, k: int) -> Ints:
    """Shapes: bits [n·k], the answer is [n]."""
    values = np.zeros(n, np.int64)
    for column in bits.reshape(n, k).T:
        values = values << 1 | column
    return values


def pack(values: Ints, k: int) -> bytes:
    """The k low bits of each value and nothing else."""
    return np.packbits(low_bits(values, k)).tobytes()


def unpack(reader: Reader, n: int, k: int) -> Ints:
    """Shapes: the answer is [n]. Raises: MalformedColumn."""
    return from_low_bits(_bits(reader.take((n * k + 7) // 8))[: n * k], n, k)


def _bits(data: bytes) -> NDArray[np.uint8]:
    return np.unpackbits(np.frombuffer(data, np.uint8))
