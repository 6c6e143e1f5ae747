"""zstd with a bound on what may come out, and numbers laid out so that it finds something to press."""

from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from edgeshop.kernel.deltas.errors import BadDelta

_LEVEL = 19  # made once, read by every kiosk


def press(data: bytes) -> bytes:
    """The smaller of the bytes as they are and under zstd, led by a byte that says which."""
    frame = zstandard.ZstdCompressor(
        level=_LEVEL, write_content_size=False, write_checksum=False, write_dict_id=False
    ).compress(data)
    return b"\1" + frame if len(frame) < len(data) else b"\0" + data


def unpress(data: bytes, *, size_bytes: int) -> bytes:
    """The bytes again, which must be that many. Raises: BadDelta, and no more memory is taken than that."""
    how, body = data[:1], data[1:]
    plain = _from_zstd(body, size_bytes) if how == b"\1" else body
    if how not in (b"\0", b"\1") or len(plain) != size_bytes:
        raise BadDelta("A part of the delta is of another length.", reason="content")
    return plain


def _from_zstd(frame: bytes, size_bytes: int) -> bytes:
    try:
        if zstandard.frame_content_size(frame) != -1:  # ours do not say; what one says would be reserved unseen
            raise BadDelta("A part of the delta was packed by somebody else.", reason="content")
        return zstandard.ZstdDecompressor().decompress(frame, max_output_size=size_bytes + 1)
    except zstandard.ZstdError as error:
        raise BadDelta("A part of the delta cannot be unpacked.", reason="content") from error


def planes(array: NDArray[Any]) -> bytes:
    """First all lowest bytes of some little-endian numbers, then all second ones: like stands beside like."""
    return np.ascontiguousarray(array).view("u1").reshape(-1, array.dtype.itemsize).T.tobytes()


def from_planes(data: bytes, form: str) -> NDArray[Any]:
    """The numbers of `planes`, one after another. Shapes: the answer is flat."""
    width = np.dtype(form).itemsize
    return np.frombuffer(data, "u1").reshape(width, -1).T.copy().view(form).ravel()
