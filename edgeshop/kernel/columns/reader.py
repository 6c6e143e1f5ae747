"""A cursor over bytes from elsewhere: every step is checked, and what decoding may come to is counted.

Integers are written as LEB128 varints, signed ones zigzag. Source: protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Sequence

import numpy as np

from edgeshop.kernel.columns.errors import MalformedColumn

DEPTH_MAX = 8  # lists and records inside each other; ours go two deep
NUMBER_MAX = 1 << 63  # numbers fit a signed 64-bit word


class Reader:
    """Reads `data` from its start. Units: `left_bytes` is what may still be decoded, see `spend`.

    Shapes: `known` [m], rising: numbers that were read before.

    Raises: MalformedColumn from every method, for bytes that are not there or make no sense.
    """

    def __init__(
        self, data: bytes, *, codecs: frozenset[int], names: Sequence[str], max_bytes: int, known: Sequence[int] = ()
    ) -> None:
        self._data, self._at = data, 0
        self.known = np.array(known, np.int64)
        self.codecs, self.names = codecs, names
        self.left_bytes, self._depth = max_bytes, 0

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end; the cursor stays."""
        return self._data[self._at : self._at + size]

    def take(self, size: int) -> bytes:
        """The next `size` bytes, all of them."""
        taken = self.peek(size)
        if len(taken) != size:
            raise MalformedColumn("A column ends too early.", at=self._at)
        self._at += size
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def uvarint(self) -> int:
        """A number below 2**63 in at most nine bytes."""
        number = 0
        for place in range(0, 63, 7):
            byte = self.byte()
            number |= (byte & 127) << place
            if byte < 128:
                return number
        raise MalformedColumn("A number in a column has more than nine bytes.", at=self._at)

    def zigzag(self) -> int:
        """A signed number, |number| <= 2**62."""
        folded = self.uvarint()
        return folded >> 1 if not folded & 1 else -((folded + 1) >> 1)

    def spend(self, size_bytes: int) -> None:
        """Count what is about to be made: nothing larger than the reader allows is ever allocated."""
        self.left_bytes -= size_bytes
        if self.left_bytes < 0:
            raise MalformedColumn("Columns come to more than may be read here.", at=self._at)

    def enter(self) -> None:
        """Go one list or record deeper; `leave` comes back."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise MalformedColumn("Columns lie too deep in each other.", at=self._at)

    def leave(self) -> None:
        self._depth -= 1

    def end(self) -> None:
        """Nothing may be left over."""
        if self._at != len(self._data):
            raise MalformedColumn("Bytes are left over after the last column.", at=self._at)


def uvarint(number: int) -> bytes:
    """LEB128 of a number that is not negative."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number: int) -> bytes:
    """A signed number: 0, -1, 1, -2, … become 0, 1, 2, 3, …"""
    return uvarint(number << 1 if number >= 0 else (-number << 1) - 1)
