"""Which products left and which came between two versions of something that has a row for each of them."""

import struct

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import BadDelta, sections
from edgeshop.kernel.deltas.packing import press, unpress
from edgeshop.recommend.services.table import ROWS_MAX

_COUNTS = struct.Struct("<HH")

Ids = NDArray[np.int32]


def encode(old: Ids, new: Ids) -> bytes:
    """What leads from one to the other. Shapes: [n] each, ascending, at most ROWS_MAX."""
    gone, come = np.setdiff1d(old, new), np.setdiff1d(new, old)
    return sections.join([_gaps(np.searchsorted(old, gone)), _gaps(come), _COUNTS.pack(len(gone), len(come))])


def decode(data: bytes, old: Ids) -> Ids:
    """The new ids. Raises: BadDelta."""
    gone_data, come_data, counts = sections.split(data, 3)
    if len(counts) != _COUNTS.size:
        raise BadDelta("The delta does not say how many products come.", reason="content")
    gone_count, come_count = _COUNTS.unpack(counts)
    gone, come = _from_gaps(gone_data, gone_count), _from_gaps(come_data, come_count)
    if gone_count and not 0 <= gone.min() <= gone.max() < len(old):
        raise BadDelta("The delta drops a product that is not there.", reason="content")
    new = np.sort(np.concatenate([np.delete(old, gone), come])).astype(np.int32)
    if not 0 < len(new) <= ROWS_MAX:
        raise BadDelta("The delta leaves no product, or too many.", reason="content")
    return new


def _gaps(places: NDArray[np.int64] | Ids) -> bytes:
    return press(np.diff(places, prepend=0).astype("<i4").tobytes())


def _from_gaps(data: bytes, count: int) -> NDArray[np.int64]:
    places: NDArray[np.int64] = np.cumsum(np.frombuffer(unpress(data, size_bytes=4 * count), "<i4"))
    return places
