"""Byte strings one after another, each led by its length: the inside of a delta."""

from collections.abc import Sequence

from edgeshop.kernel.deltas.errors import BadDelta

_MORE = 0x80  # of a byte of a length: another one follows (LEB128)
_LENGTH_BYTES_MAX = 5


def join(parts: Sequence[bytes]) -> bytes:
    """The parts with their lengths, in order."""
    return b"".join(_length(len(part)) + part for part in parts)


def split(data: bytes, count: int) -> list[bytes]:
    """The parts of a `join` of exactly that many. Raises: BadDelta."""
    parts, at = [], 0
    for _ in range(count):
        size, at = _read_length(data, at)
        if size > len(data) - at:
            raise BadDelta("The delta ends too early.", reason="content")
        parts.append(data[at : at + size])
        at += size
    if at != len(data):
        raise BadDelta("The delta goes on after its end.", reason="content")
    return parts


def _length(size: int) -> bytes:
    digits = bytearray()
    while size >= _MORE:
        digits.append(size % _MORE | _MORE)
        size //= _MORE
    return bytes([*digits, size])


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    size = 0
    for place in range(_LENGTH_BYTES_MAX):
        if at + place >= len(data):
            break
        digit = data[at + place]
        size += (digit % _MORE) << (7 * place)
        if digit < _MORE:
            return size, at + place + 1
    raise BadDelta("The delta does not say how long a part is.", reason="content")
