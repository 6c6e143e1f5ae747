"""Columns of byte strings (texts are their UTF-8), of any content, by whichever of three forms is smallest.

0   joined by newlines, through a byte codec; only when no string holds one
1   the lengths as numbers, then all strings in one, through a byte codec
2   a palette: its size, its strings in one of the other forms, then the place of each string in it
"""

from collections.abc import Iterator, Sequence

import numpy as np

from edgeshop.kernel.columns import bytewise, numbers
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, uvarint
from edgeshop.kernel.columns.rice import Ints

JOINED, PARTED, PALETTE = range(3)
PALETTE_MAX = 4096


def encode(values: Sequence[bytes], codecs: frozenset[int]) -> bytes:
    """Shapes: values [n], n > 0. The number of values is not written."""
    distinct = sorted(set(values))
    forms = [_plain(values, codecs)]
    if len(distinct) <= min(PALETTE_MAX, len(values) // 2):
        places = {value: place for place, value in enumerate(distinct)}
        column = numbers.encode(np.array([places[value] for value in values], np.int64), codecs, palette=False)
        forms.append(bytes([PALETTE]) + uvarint(len(distinct)) + _plain(distinct, codecs) + column)
    return min(forms, key=len)


def decode(reader: Reader, n: int) -> list[bytes]:
    """Shapes: the answer is [n]. Raises: MalformedColumn."""
    if not n:
        raise MalformedColumn("A column of texts has no rows.")
    reader.spend(8 * n)
    form = reader.byte()
    if form != PALETTE:
        return _from_plain(reader, n, form)
    size = reader.uvarint()
    if not 1 <= size <= n:
        raise MalformedColumn("A palette has no place for its rows.", size=size)
    distinct = _from_plain(reader, size, reader.byte())
    return [distinct[place] for place in numbers.pick(np.arange(size), numbers.decode(reader, n)).tolist()]


def _plain(values: Sequence[bytes], codecs: frozenset[int]) -> bytes:
    return min(_plains(values, codecs), key=len)


def _plains(values: Sequence[bytes], codecs: frozenset[int]) -> Iterator[bytes]:
    newlines, sizes = any(b"\n" in value for value in values), [len(value) for value in values]
    if not newlines:
        yield bytes([JOINED]) + bytewise.encode(b"\n".join(values), codecs)
    if newlines or min(sizes) == max(sizes):  # newlines cost little between strings of many lengths
        yield (
            bytes([PARTED])
            + numbers.encode(np.array(sizes, np.int64), codecs)
            + bytewise.encode(b"".join(values), codecs)
        )


def _from_plain(reader: Reader, n: int, form: int) -> list[bytes]:
    if form == PARTED:
        ends = np.cumsum(numbers.decode(reader, n))
        return _parted(bytewise.decode(reader), ends)
    if form != JOINED:
        raise MalformedColumn("A column of texts has an unknown form.", form=form)
    joined = bytewise.decode(reader)
    if joined.count(b"\n") != n - 1:
        raise MalformedColumn("A column of texts has too many lines, or too few.", rows=n)
    return joined.split(b"\n")


def _parted(joined: bytes, ends: Ints) -> list[bytes]:
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    if int(ends[-1]) != len(joined) or bool(np.any(starts > ends)) or bool(np.any(starts < 0)):
        raise MalformedColumn("The lengths of texts do not fit them.", size_bytes=len(joined))
    return [joined[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
