"""One array to the last bit: which rows changed, and by how much the order of their floats moved."""

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import sections
from edgeshop.kernel.deltas.packing import from_planes, planes, press, unpress
from edgeshop.kernel.deltas.rows import Floats

_SIGN = np.uint32(0x8000_0000)


def encode(base: Floats, new: Floats) -> bytes:
    """What leads from one to the other. Shapes: [rows, width] both."""
    changed = (base.view("<u4") != new.view("<u4")).any(axis=1)
    moved = _ordered(new[changed]) - _ordered(base[changed])
    folded = (moved << 1) ^ (moved >> 31)  # small moves either way are small numbers
    return sections.join([press(np.packbits(changed).tobytes()), press(planes(folded.astype("<i4").ravel()))])


def decode(data: bytes, base: Floats) -> Floats:
    """The new array. Shapes: [rows, width]. Raises: BadDelta."""
    changed_data, moved_data = sections.split(data, 2)
    flags = np.frombuffer(unpress(changed_data, size_bytes=-(-len(base) // 8)), "u1")
    changed = np.unpackbits(flags, count=len(base)).astype(bool)
    folded = from_planes(unpress(moved_data, size_bytes=base[changed].nbytes), "<u4").view("<i4")
    moved = ((folded >> 1) & 0x7FFF_FFFF) ^ -(folded & 1)
    result = base.copy()
    result.view("<u4")[changed] = _bits(_ordered(base[changed]) + moved.reshape(base[changed].shape))
    return result


def _ordered(values: Floats) -> NDArray[np.int32]:
    """Whole numbers in the order of the floats, whose differences may wrap around."""
    bits = values.view("<u4")
    return (np.where(bits >= _SIGN, ~bits, bits | _SIGN) ^ _SIGN).view("<i4")


def _bits(ordered: NDArray[np.int32]) -> NDArray[np.uint32]:
    return np.where(ordered < 0, ~(ordered.view("<u4") ^ _SIGN), ordered.view("<u4"))
