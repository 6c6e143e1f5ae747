"""Numbers as bytes for a byte codec: varints, or one plane a byte of their width."""

from collections.abc import Iterator

import numpy as np

from edgeshop.kernel.columns import bytewise
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, uvarint
from edgeshop.kernel.columns.rice import Ints

VARINTS, PLANES_MAX = 0, 8  # the forms: no planes, or that many
VARINT_BYTES_MAX = 9


def forms(values: Ints, codecs: frozenset[int]) -> Iterator[bytes]:
    """Both, each after its form. Shapes: values [n], n > 0, none negative."""
    width = max(1, (int(values.max()).bit_length() + 7) // 8)
    planes = values.astype(">i8").view(np.uint8).reshape(-1, 8)[:, 8 - width :].T.tobytes()
    yield bytes([width]) + bytewise.encode(planes, codecs, numeric=True)
    if width > 1:
        varints = b"".join(uvarint(value) for value in values.tolist())
        yield bytes([VARINTS]) + bytewise.encode(varints, codecs, numeric=True)


def decode(reader: Reader, n: int, form: int) -> Ints:
    """Shapes: the answer is [n]; eight planes may come to negative numbers. Raises: MalformedColumn."""
    return _from_planes(reader, n, form) if form != VARINTS else _from_varints(reader, n)


def _from_planes(reader: Reader, n: int, width: int) -> Ints:
    raw = bytewise.decode(reader, width * n)
    if len(raw) != width * n:
        raise MalformedColumn("Byte planes do not fit their rows.", rows=n)
    values = np.zeros(n, np.int64)
    for plane in np.frombuffer(raw, np.uint8).reshape(width, n):
        values = values << 8 | plane
    return values


def _from_varints(reader: Reader, n: int) -> Ints:
    data = np.frombuffer(bytewise.decode(reader, VARINT_BYTES_MAX * n), np.uint8)
    ends = np.flatnonzero(data < 128)
    sizes = np.diff(ends, prepend=-1)
    if len(ends) != n or int(ends[-1]) != len(data) - 1 or int(sizes.max()) > VARINT_BYTES_MAX:
        raise MalformedColumn("Varints do not fit their rows.", rows=n)
    starts, values = ends - sizes + 1, np.zeros(n, np.int64)
    for place in range(int(sizes.max())):
        here = sizes > place
        values[here] |= (data[starts[here] + place] & 127).astype(np.int64) << 7 * place
    return values
