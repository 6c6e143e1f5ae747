"""Whole numbers around zero, coded under contexts that writer and reader both know."""

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import rans, sections
from edgeshop.kernel.deltas.packing import from_planes, planes, press, unpress
from edgeshop.kernel.deltas.rans import Contexts

WIDE = 255  # this symbol says that the number is too far from zero for the tables and follows apart
LIMIT = 2**31 - 1 - WIDE  # the largest number after folding

Integers = NDArray[np.int64]


def encode(numbers: Integers, contexts: Contexts) -> bytes:
    """The numbers, each under the frequencies of its context. Shapes: both [n]. Units: below 2^30 either way."""
    folded = np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)  # 0, -1, 1, -2, 2 ... as 0, 1, 2, 3, 4 ...
    is_wide = folded >= WIDE
    wide = (folded[is_wide] - WIDE).astype("<u4")
    return sections.join([rans.encode(np.minimum(folded, WIDE).astype(np.uint8), contexts), press(planes(wide))])


def decode(data: bytes, contexts: Contexts) -> Integers:
    """The numbers of `encode`, given the same contexts. Shapes: [n]. Raises: BadDelta."""
    symbols, wide = sections.split(data, 2)
    folded = rans.decode(symbols, contexts).astype(np.int64)
    is_wide = folded == WIDE
    folded[is_wide] += from_planes(unpress(wide, size_bytes=4 * int(is_wide.sum())), "<u4")
    return np.where(folded % 2 == 1, -(folded + 1) // 2, folded // 2)
