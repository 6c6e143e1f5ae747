"""Columns of single values: equal ones once, whole numbers, digits, truths, texts, bytes, instants and other numbers of
at most six decimals as whole millionths; anything else as msgpack.

Every type comes back exactly: True is not 1, 1 is not 1.0, and integers have no limit.
"""

from collections.abc import Sequence
from math import copysign, isfinite
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types
import numpy as np
from msgpack.fallback import Unpacker  # type: ignore[import-untyped]  # -- makes no list before its items are there

from edgeshop.kernel.columns import bytewise, integers, numbers, texts
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, uvarint
from edgeshop.kernel.errors import InvalidInput

INTS, DIGITS = 0, 5  # and the shape of the numbers, see integers
BOOLS, TEXTS, BYTES, MIXED = range(10, 14)
MILLIONTHS = 17  # and the shape of the numbers
_PARTS = 10**6
CONSTANT, CONSTANT_LONG = 64, 127  # 64 and the length of the value; 127 when the length stands after it
DIGITS_MAX = 18  # still below integers.SIZE_MAX
LARGE = 1  # msgpack's extension type for integers beyond 64 bits, two's complement
SURROGATES = "surrogatepass"  # JSON may hold half a pair


def encode(values: Sequence[Any], codecs: frozenset[int]) -> tuple[int, bytes]:
    """(kind, bytes) of values that are there. Shapes: values [n]. Raises: InvalidInput for a value JSON cannot hold."""
    types = set(map(type, values))
    if (constant := _constant(values, types)) is not None:
        short = len(constant) < CONSTANT_LONG - CONSTANT
        return (CONSTANT + len(constant), constant) if short else (CONSTANT_LONG, uvarint(len(constant)) + constant)
    if types == {int} and max(map(abs, values)) < integers.SIZE_MAX:
        return integers.encode(list(values), codecs)
    if types == {bool}:
        return BOOLS, numbers.encode(np.array(values, np.int64), codecs)
    if types == {str}:
        return _texts(values, codecs)
    if types == {bytes}:
        return BYTES, texts.encode(values, codecs)
    if types == {float} and all(map(_is_short, values)):
        shape, column = integers.encode([round(value * _PARTS) for value in values], codecs)
        return MILLIONTHS + shape, column
    return MIXED, bytewise.encode(_pack(list(values)), codecs)


def decode(reader: Reader, n: int, kind: int) -> list[Any]:
    """Shapes: the answer is [n]. Raises: MalformedColumn."""
    if CONSTANT <= kind <= CONSTANT_LONG:
        size = reader.uvarint() if kind == CONSTANT_LONG else kind - CONSTANT
        return [_unpack(reader, reader.take(size))] * n
    if kind < DIGITS:
        return [*integers.decode(reader, n, kind - INTS).tolist()]
    if kind < BOOLS:
        return _from_digits(reader, n, kind - DIGITS)
    if kind == BOOLS:
        return [bool(value) for value in numbers.decode(reader, n).tolist()]
    if kind == TEXTS:
        return [text(value) for value in texts.decode(reader, n)]
    if kind == BYTES:
        return texts.decode(reader, n)
    if MILLIONTHS <= kind <= MILLIONTHS + integers.RISING:
        return [number / _PARTS for number in integers.decode(reader, n, kind - MILLIONTHS).tolist()]
    values = _unpack(reader, bytewise.decode(reader)) if kind == MIXED else None
    if not isinstance(values, list) or len(values) != n:
        raise MalformedColumn("A column has an unknown kind, or not a value for each row.", kind=kind)
    return values


def _is_short(value: float) -> bool:
    """Whether a number comes back exactly from its whole millionths. Those of -0.0 would lose its sign."""
    if not isfinite(value) or abs(value) * _PARTS >= integers.SIZE_MAX:
        return False
    return round(value * _PARTS) / _PARTS == value and (value != 0 or copysign(1, value) > 0)


def is_ints(kind: int) -> bool:
    """Whether a column of this kind holds whole numbers, not all the same."""
    return INTS <= kind < DIGITS


def _constant(values: Sequence[Any], types: set[type]) -> bytes | None:
    """The one value of all, packed. Not a list: its rows would share it. Not a float: 0.0 and -0.0 are equal."""
    if not values:
        return _pack(None)
    if len(types) > 1 or not types <= {str, int, bool, bytes, type(None)}:
        return None
    return _pack(values[0]) if values.count(values[0]) == len(values) else None


def _texts(values: Sequence[str], codecs: frozenset[int]) -> tuple[int, bytes]:
    """Strings of one width and only digits, as barcodes are, travel as numbers."""
    width = len(values[0])
    if 0 < width <= DIGITS_MAX and all(len(v) == width and v.isascii() and v.isdigit() for v in values):
        shape, column = integers.encode([int(value) for value in values], codecs)
        return DIGITS + shape, bytes([width]) + column
    return TEXTS, texts.encode([value.encode(errors=SURROGATES) for value in values], codecs)


def _from_digits(reader: Reader, n: int, shape: int) -> list[str]:
    width = reader.byte()
    values = integers.decode(reader, n, shape)
    if not 0 < width <= DIGITS_MAX or not 0 <= int(values.min()) <= int(values.max()) < 10**width:
        raise MalformedColumn("A column of digits does not fit its width.", width=width)
    return [f"{value:0{width}}" for value in values.tolist()]


def text(value: bytes) -> str:
    try:
        return value.decode(errors=SURROGATES)
    except UnicodeDecodeError as error:
        raise MalformedColumn("A column of texts is not UTF-8.") from error


def _pack(value: Any) -> bytes:
    try:
        packed: bytes = msgpack.packb(value, default=_large, strict_types=True, unicode_errors=SURROGATES)
    except ValueError as error:
        raise InvalidInput("A value is nested too deep for a column.") from error
    return packed


def _large(value: Any) -> msgpack.ExtType:
    if type(value) is not int:
        raise InvalidInput("A column holds what JSON knows, and bytes.", type=type(value).__name__)
    return msgpack.ExtType(LARGE, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _unpack(reader: Reader, packed: bytes) -> Any:
    reader.spend(8 * len(packed))
    unpacker = Unpacker(raw=False, strict_map_key=False, unicode_errors=SURROGATES, timestamp=1, ext_hook=_from_large)
    unpacker.feed(packed)
    try:
        value = unpacker.unpack()
    except (msgpack.UnpackException, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise MalformedColumn("A value in a column is not msgpack.") from error
    if unpacker.tell() != len(packed):
        raise MalformedColumn("Bytes are left over after a value in a column.")
    return value


def _from_large(code: int, data: bytes) -> int:
    if code != LARGE:
        raise ValueError(code)
    return int.from_bytes(data, "big", signed=True)
