"""Columns of numbers that are not negative: every form that may win is weighed, the smallest is written.

Written: one byte for the form, then what the form needs.
    0        varints, through a byte codec
    1..8     that many byte planes, highest first, through a byte codec
    16       a palette: its size, its gaps, then the place of each value in it
    64 + k   Rice codes, k low bits
    128 + …  counted: five bits of `low`, two of the increment; the symbols' number, the payload's length, the payload,
             then the low bits as they are. With one symbol there is no payload: equal or evenly spread numbers cost
             their low bits and nothing else.
"""

from collections.abc import Iterator

import numpy as np

from edgeshop.kernel.columns import counted, rice, words
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, uvarint
from edgeshop.kernel.columns.rice import Ints

PALETTE, RICE, COUNTED = 16, 64, 128
COUNTED_LOW_MAX = 31
PALETTE_MAX = 4096
HEADER_BITS, HEADER_BITS_EVEN = 24, 16  # form, symbols, length; no length with one symbol


def encode(values: Ints, codecs: frozenset[int], *, palette: bool = True) -> bytes:
    """Shapes: values [n], each 0..2**63-1. The number of values is not written."""
    if not len(values):
        return b""
    forms = [*words.forms(values, codecs), _modelled(values)]
    if palette:
        forms += _palettes(values, codecs)
    return min(forms, key=len)


def decode(reader: Reader, n: int) -> Ints:
    """Shapes: the answer is [n], none negative. Raises: MalformedColumn."""
    if not n:
        return np.zeros(0, np.int64)
    reader.spend(8 * n)
    values = _form(reader, n, reader.byte())
    if int(values.min()) < 0:
        raise MalformedColumn("A column of numbers leaves its range.", rows=n)
    return values


def _form(reader: Reader, n: int, form: int) -> Ints:
    if form >= COUNTED:
        return _counted(reader, n, low=form >> 2 & 31, increment=counted.INCREMENTS[form & 3])
    if RICE <= form <= RICE + rice.LOW_MAX:
        return rice.decode(reader, n, form - RICE)
    if form == PALETTE:
        return _from_palette(reader, n)
    if form > words.PLANES_MAX:
        raise MalformedColumn("A column of numbers has an unknown form.", form=form)
    return words.decode(reader, n, form)


def _modelled(values: Ints) -> bytes:
    """Rice or counted, by what their models say they cost."""
    k, bits = rice.best(values)
    top, best = int(values.max()), None
    for low in range(min(top.bit_length(), COUNTED_LOW_MAX) + 1):
        symbols = (top >> low) + 1
        if symbols <= _symbols_max(len(values)):
            counts = np.bincount(values >> low)
            for place, increment in enumerate(counted.INCREMENTS):
                cost = low * len(values) + (
                    HEADER_BITS + counted.cost(counts, increment) if symbols > 1 else HEADER_BITS_EVEN
                )
                if cost < bits:
                    bits, best = cost, (low, place, symbols)
    return bytes([RICE + k]) + rice.encode(values, k) if best is None else _with_counts(values, *best)


def _symbols_max(n: int) -> int:
    """A column never pays for more symbols than it has use for, and no reader sets up more."""
    return min(counted.SYMBOLS_MAX, 8 * n)


def _with_counts(values: Ints, low: int, place: int, symbols: int) -> bytes:
    form = bytes([COUNTED | low << 2 | place]) + uvarint(symbols)
    if symbols > 1:
        payload = counted.encode((values >> low).tolist(), symbols, counted.INCREMENTS[place])
        form += uvarint(len(payload)) + payload
    return form + rice.pack(values, low)


def _counted(reader: Reader, n: int, *, low: int, increment: int) -> Ints:
    symbols = reader.uvarint()
    if not 1 <= symbols <= _symbols_max(n):
        raise MalformedColumn("A counted column has too many symbols, or none.", symbols=symbols)
    reader.spend(8 * symbols)
    high = np.zeros(n, np.int64)
    if symbols > 1:
        high[:] = counted.decode(reader.take(reader.uvarint()), n, symbols, increment)
    return high << low | rice.unpack(reader, n, low)


def _palettes(values: Ints, codecs: frozenset[int]) -> Iterator[bytes]:
    distinct, places = np.unique(values, return_inverse=True)
    if len(distinct) <= min(PALETTE_MAX, len(values) // 2) and len(distinct) * 2 <= int(distinct[-1]):
        gaps = encode(np.diff(distinct, prepend=0), codecs, palette=False)
        yield bytes([PALETTE]) + uvarint(len(distinct)) + gaps + encode(places, codecs, palette=False)


def _from_palette(reader: Reader, n: int) -> Ints:
    size = reader.uvarint()
    if not 1 <= size <= n or reader.peek(1) == bytes([PALETTE]):
        raise MalformedColumn("A palette has no place for its rows.", size=size)
    distinct = np.cumsum(decode(reader, size))
    if reader.peek(1) == bytes([PALETTE]):
        raise MalformedColumn("A palette leads to another palette.", size=size)
    return pick(distinct, decode(reader, n))


def pick(distinct: Ints, places: Ints) -> Ints:
    """Values by their places in a palette. Raises: MalformedColumn for a place outside it."""
    if len(places) and not 0 <= int(places.min()) <= int(places.max()) < len(distinct):
        raise MalformedColumn("A column names a value outside its palette.", size=len(distinct))
    return distinct[places]
