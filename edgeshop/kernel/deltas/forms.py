"""The forms of a delta, and how each writes and reads one array.

Every form writes a whole new array or what leads to it from the base; which is worth its bytes is the chain's to find.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import exact, rows, steps
from edgeshop.kernel.deltas.packing import from_planes, planes, press, unpress
from edgeshop.kernel.deltas.rows import Floats

Encode = Callable[[Floats, Floats], bytes]  # (base, new), both [rows, width]
Decode = Callable[[bytes, Floats], Floats]  # (data, base)


@dataclass(frozen=True, slots=True)
class Form:
    """`number` stands in the delta and never changes its meaning; `name` is for people."""

    number: int
    name: str
    encode: Encode
    decode: Decode


def even(fineness: int) -> Encode:
    """All rows in steps of one worth, the typical change times 2^(fineness / 8): the least bytes for an error."""

    def encode(base: Floats, new: Floats) -> bytes:
        exponents = np.full(len(base), typical(base, new) + fineness)
        return rows.encode(rows.quantised(difference(base, new), exponents), exponents)

    return encode


def difference(base: Floats, new: Floats) -> NDArray[np.float64]:
    """How far the new numbers are from those of the base; float32 could not hold all of it."""
    return new.astype(np.float64) - base


def typical(base: Floats, new: Floats) -> int:
    """The exponent of the median change among the numbers that change at all."""
    change = np.abs(difference(base, new))
    moved = change[change > 0]
    return int(steps.at_least(np.atleast_1d(np.median(moved)))[0]) if len(moved) else steps.LOWEST


def _per_row(bits: int) -> Encode:
    """Each row in steps of its own worth, so that its largest change just fits these bits."""
    top = 2 ** (bits - 1) - 1

    def encode(base: Floats, new: Floats) -> bytes:
        change = difference(base, new)
        exponents = steps.at_least(np.abs(change).max(axis=1, initial=0) / top)
        return rows.encode(rows.quantised(change, exponents, limit=top), exponents)

    return encode


def _encode_whole(_base: Floats, new: Floats) -> bytes:
    return _INT8(np.zeros_like(new), new)


def _decode_whole(data: bytes, base: Floats) -> Floats:
    return rows.decode(data, np.zeros_like(base))


def _encode_half(_base: Floats, new: Floats) -> bytes:
    return press(planes(new.astype("<f2").ravel()))


def _decode_half(data: bytes, base: Floats) -> Floats:
    return from_planes(unpress(data, size_bytes=2 * base.size), "<f2").astype("<f4").reshape(base.shape)


def _encode_raw(_base: Floats, new: Floats) -> bytes:
    return press(new.tobytes())


def _decode_raw(data: bytes, base: Floats) -> Floats:
    return np.frombuffer(unpress(data, size_bytes=base.nbytes), "<f4").reshape(base.shape)


_INT8 = _per_row(8)
EVEN = Form(0, "even", even(0), rows.decode)
FIXED = (
    Form(1, "int4", _per_row(4), rows.decode),
    Form(2, "int8", _INT8, rows.decode),
    Form(3, "exact", exact.encode, exact.decode),
    Form(4, "whole int8", _encode_whole, _decode_whole),
    Form(5, "float16", _encode_half, _decode_half),
    Form(6, "raw", _encode_raw, _decode_raw),
)
BY_NUMBER = {form.number: form for form in (EVEN, *FIXED)}
