"""Rows as columns: what the sync feed sends, in as few bytes as the codecs find.

A table is the number of its columns, then each: its name, its kind, where it is missing if it is somewhere, its values.
A name both sides have registered is its place in their list plus one; any other follows a zero, so a reader of an older
release keeps fields it does not know. Lists are their lengths and all their items as one column; dicts are tables.
A column of single values that says what one before it in the table says names that one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from edgeshop.kernel.columns import among, numbers, scalars
from edgeshop.kernel.columns.bytewise import TRUSTED, UNTRUSTED
from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.gaps import ABSENT, THERE, Gaps, filled, states_of
from edgeshop.kernel.columns.reader import DEPTH_MAX, Reader, uvarint
from edgeshop.kernel.columns.rice import Ints
from edgeshop.kernel.errors import InvalidInput

LISTS, RECORDS, ALIKE = 14, 15, 22
GAPPED = 128  # in the kind: where it has gaps stands before the values
ROW_BYTES, VALUE_BYTES = 64, 8  # what an empty dict and a reference come to


@dataclass(frozen=True, slots=True)
class Scope:
    """What a writer knows: the codecs it may use, the number of each registered name, which numbers the reader has just
    read, how deep it is. Shapes: known [m], rising.
    """

    codecs: frozenset[int]
    numbers: Mapping[str, int]
    known: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    depth: int = 0

    def deeper(self) -> "Scope":
        return replace(self, depth=self.depth + 1)


def encode_rows(
    rows: Sequence[Mapping[str, Any]], *, names: Sequence[str] = (), trusted: bool = True, known: Sequence[int] = ()
) -> bytes:
    """`rows` in columns. `names` is what both sides have agreed on: it only ever grows at its end. `known` are numbers,
    rising, that the reader has read already: a column may refer to them.

    Values are None, bool, int, float, str, bytes, lists and dicts of them. A missing key is not a None; the order of
    keys is not kept. `trusted` allows PPMd, whose decoder reads only what the cloud has signed.
    Raises: InvalidInput for any other value.
    """
    codecs = TRUSTED if trusted else UNTRUSTED
    scope = Scope(codecs, {name: number for number, name in enumerate(names)}, np.array(known, np.int64))
    return uvarint(len(rows)) + _table(rows, scope)


def decode_rows(
    data: bytes,
    *,
    names: Sequence[str] = (),
    codecs: frozenset[int] = TRUSTED,
    max_bytes: int,
    known: Sequence[int] = (),
) -> list[dict[str, Any]]:
    """The rows again, exactly. Pass UNTRUSTED for bytes that nobody whom we trust has signed.

    Units: `max_bytes` bounds what the values come to: texts as they are, 8 to 16 a number, 64 a row.
    Raises: MalformedColumn, and nothing else.
    """
    reader = Reader(data, codecs=codecs, names=names, max_bytes=max_bytes, known=known)
    rows = _read_rows(reader, reader.uvarint())
    reader.end()
    return rows


def _table(rows: Sequence[Mapping[str, Any]], scope: Scope) -> bytes:
    names = {name for row in rows for name in row}
    if not all(type(name) is str for name in names):
        raise InvalidInput("The keys of a row are texts.")
    gaps, columns, named = Gaps(), list[bytes](), list[bytes]()
    for name in sorted(names, key=lambda name: (scope.numbers.get(name, len(scope.numbers)), name)):
        column = _column([row.get(name, ABSENT) for row in rows], scope, gaps)
        named.append(_written(name, scope) + (_alike(columns, column) or column))
        columns.append(column)
    return uvarint(len(columns)) + b"".join(named)


def _alike(before: list[bytes], column: bytes) -> bytes | None:
    """The name of a column that says the same, where there is one and that is shorter. What may hold lists is not
    looked at: rows would share them."""
    if column[0] & ~GAPPED in (LISTS, RECORDS, scalars.MIXED) or column not in before:
        return None
    name = bytes([ALIKE]) + uvarint(before.index(column))
    return name if len(name) < len(column) else None


def _written(name: str, scope: Scope) -> bytes:
    if name in scope.numbers:
        return uvarint(scope.numbers[name] + 1)
    spelt = name.encode(errors=scalars.SURROGATES)
    return b"\0" + uvarint(len(spelt)) + spelt


def _column(values: list[Any], scope: Scope, gaps: Gaps) -> bytes:
    states = states_of(values)
    kind, column = _values([v for v, state in zip(values, states, strict=True) if state == THERE], scope)
    if not any(states):
        return bytes([kind]) + column
    return bytes([kind | GAPPED]) + gaps.write(states, scope.codecs) + column


def _values(values: list[Any], scope: Scope) -> tuple[int, bytes]:
    types = set(map(type, values))
    if types == {dict} and scope.depth < DEPTH_MAX and all(type(key) is str for value in values for key in value):
        return RECORDS, _table(values, scope.deeper())
    if types == {list} and scope.depth < DEPTH_MAX:
        lengths = numbers.encode(np.array([len(value) for value in values], np.int64), scope.codecs)
        return LISTS, lengths + _column([item for value in values for item in value], scope.deeper(), Gaps())
    kind, column = scalars.encode(values, scope.codecs)
    named = among.encode(values, scope.known, scope.codecs) if scalars.is_ints(kind) else None
    return (kind, column) if named is None or len(named) >= len(column) else (among.AMONG, named)


def _read_rows(reader: Reader, n: int) -> list[dict[str, Any]]:
    reader.spend(ROW_BYTES * n)
    rows: list[dict[str, Any]] = [{} for _ in range(n)]
    seen, gaps, columns = set[str](), Gaps(), list[list[Any]]()
    for _ in range(reader.uvarint()):
        name = _read_name(reader)
        if name in seen:
            raise MalformedColumn("A column stands twice in a table.", name=name)
        seen.add(name)
        columns.append(_read_column(reader, n, gaps, columns))
        for row, value in zip(rows, columns[-1], strict=True):
            if value is not ABSENT:
                row[name] = value
    return rows


def _like(reader: Reader, columns: Sequence[list[Any]]) -> list[Any]:
    place = reader.uvarint()
    if place >= len(columns):
        raise MalformedColumn("A column is like one that is not there.", place=place)
    return columns[place]


def _read_name(reader: Reader) -> str:
    number = reader.uvarint()
    if number > len(reader.names):
        raise MalformedColumn("A column has the number of a name that is not registered here.", number=number)
    return reader.names[number - 1] if number else scalars.text(reader.take(reader.uvarint()))


def _read_column(reader: Reader, n: int, gaps: Gaps, before: Sequence[list[Any]] = ()) -> list[Any]:
    reader.spend(VALUE_BYTES * n)
    kind = reader.byte()
    if kind == ALIKE:
        return _like(reader, before)
    if kind < GAPPED:
        return _read_values(reader, n, kind)
    states = gaps.read(reader, n)
    return filled(states, _read_values(reader, states.count(THERE), kind - GAPPED))


def _read_values(reader: Reader, n: int, kind: int) -> list[Any]:
    if kind == among.AMONG:
        return among.decode(reader, n)
    if kind not in (LISTS, RECORDS):
        return scalars.decode(reader, n, kind)
    reader.enter()
    values: list[Any] = _read_rows(reader, n) if kind == RECORDS else _read_lists(reader, n)
    reader.leave()
    return values


def _read_lists(reader: Reader, n: int) -> list[list[Any]]:
    lengths = numbers.decode(reader, n).tolist()
    items = _read_column(reader, sum(lengths), Gaps())
    if any(item is ABSENT for item in items):
        raise MalformedColumn("A list has a gap.")
    source = iter(items)
    return [[next(source) for _ in range(length)] for length in lengths]
