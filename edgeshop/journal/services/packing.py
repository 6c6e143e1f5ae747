"""Facts on their way: in columns, shortened by the apps that know what can be told from the rest.

The cloud restores the very bytes that were hashed, and the chain proves it; the sender has tried that out first.
Shapes: a row has one column, its kind's, or that of the kind's short form. Before the rows stand a checksum [4] and the
first instant that a short form tells [6], from which the others go on.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from edgeshop.journal.errors import FactsUnreadable
from edgeshop.journal.registry import SHORT, Beside, Row, Shorthand, Writer, shorthands
from edgeshop.kernel.columns import UNTRUSTED, decode_rows, encode_rows
from edgeshop.kernel.facts import canonical

log = logging.getLogger(__name__)
_CHECKSUM_BYTES, _INSTANT_BYTES = 4, 6
HEADER_BYTES = _CHECKSUM_BYTES + _INSTANT_BYTES
_AT, _AT_MAX = "at", 1 << 8 * _INSTANT_BYTES - 1
_BYTES_MAX = 64 * 2**20


def pack_facts(
    facts: Sequence[tuple[str, bytes]], *, writer: Writer, names: Sequence[str], plainly: bool = False
) -> bytes:
    """Facts [n] of (kind, body) in columns. `plainly`: as they are, for a reader that could not restore them.

    `names`: what both sides call columns by number.
    """
    rows = [{kind: _said(kind, body)} for kind, body in facts]
    as_they_are = list(rows)
    for kind, hand in {} if plainly else shorthands().items():
        _shorten(rows, kind, hand, writer, _beside(as_they_are, kind))
    first = _to_steps(rows)
    return _checksum(facts) + first + encode_rows(rows, names=names, trusted=False)


def unpack_facts(data: bytes, *, writer: Writer, names: Sequence[str]) -> list[tuple[str, bytes]]:
    """The facts again. Raises: MalformedColumn; FactsUnreadable when they cannot be restored here."""
    rows = decode_rows(data[HEADER_BYTES:], names=names, codecs=UNTRUSTED, max_bytes=_BYTES_MAX)
    facts = _restored(rows, data[_CHECKSUM_BYTES:HEADER_BYTES], writer)
    if _checksum(facts) != data[:_CHECKSUM_BYTES]:
        raise FactsUnreadable("These facts came out otherwise; say them plainly.")
    return facts


def _checksum(facts: Sequence[tuple[str, bytes]]) -> bytes:
    """Enough to see that a short form was restored wrongly, which says nothing about the journal. Shape: [4]."""
    told = hashlib.sha256()
    for kind, body in facts:
        told.update(kind.encode() + b"\0" + body)
    return told.digest()[:_CHECKSUM_BYTES]


def _restored(rows: list[dict[str, Any]], first: bytes, writer: Writer) -> list[tuple[str, bytes]]:
    try:
        _from_steps(rows, first)
        for kind, hand in shorthands().items():
            _expand(rows, kind, hand, writer, _beside(rows, kind))
        return [(_known(kind), _body(kind, said)) for row in rows for kind, said in row.items()]
    except Exception as odd:
        raise FactsUnreadable("These facts cannot be restored here; say them plainly.", why=repr(odd)[:200]) from odd


def _known(kind: str) -> str:
    if kind.startswith(SHORT):
        raise LookupError(kind)
    return kind


def _to_steps(rows: list[dict[str, Any]]) -> bytes:
    """Put into each short form how much later it is than the one before; answers the first instant. Shape: [6]."""
    told = list(_dated(rows))
    instants = [short[_AT] for short in told]
    first = instants[0] if instants and abs(instants[0]) < _AT_MAX else 0
    for short, before, at in zip(told, [first, *instants], instants, strict=False):
        short[_AT] = at - before
    return first.to_bytes(_INSTANT_BYTES, "big", signed=True)


def _from_steps(rows: list[dict[str, Any]], first: bytes) -> None:
    at = int.from_bytes(first, "big", signed=True)
    for short in _dated(rows):
        at += short[_AT]
        short[_AT] = at


def _dated(rows: list[dict[str, Any]]) -> Iterator[Row]:
    for row in rows:
        for name, said in row.items():
            if name.startswith(SHORT) and isinstance(said, dict) and type(said.get(_AT)) is int:
                yield said


def _said(kind: str, body: bytes) -> Row | bytes:
    """What a fact says, or its bytes where those are not what we would write."""
    said = json.loads(body)
    is_ours = isinstance(said, dict) and said.pop("kind", None) == kind and _body(kind, said) == body
    return said if is_ours else body


def _body(kind: str, said: Row | bytes) -> bytes:
    return said if isinstance(said, bytes) else canonical(said | {"kind": kind})


def _places(rows: list[dict[str, Any]], name: str) -> list[int]:
    return [place for place, row in enumerate(rows) if isinstance(row.get(name), dict)]


def _beside(rows: list[dict[str, Any]], kind: str) -> Beside:
    """What both ends know of the batch when a kind's turn comes: the facts of the kinds before it."""
    before = takewhile(lambda earlier: earlier != kind, shorthands())
    return {earlier: [rows[place][earlier] for place in _places(rows, earlier)] for earlier in before}


def _shorten(rows: list[dict[str, Any]], kind: str, hand: Shorthand, writer: Writer, beside: Beside) -> None:
    """Put the short form of each fact where it stands, if it leads back to the same bytes."""
    places = _places(rows, kind)
    bodies = [rows[place][kind] for place in places]
    try:
        shorts = hand.shorten(bodies, writer, beside) if places else []
        restored = hand.expand(shorts, writer, beside) if places else []
    except Exception:  # facts have to go up, in however many bytes
        log.exception("facts of %s travel plainly", kind)
        return
    for place, short, body, again in zip(places, shorts, bodies, restored, strict=True):
        if canonical(again) == canonical(body):
            rows[place] = {SHORT + kind: short}


def _expand(rows: list[dict[str, Any]], kind: str, hand: Shorthand, writer: Writer, beside: Beside) -> None:
    places = _places(rows, SHORT + kind)
    if places:
        shorts = [rows[place][SHORT + kind] for place in places]
        for place, body in zip(places, hand.expand(shorts, writer, beside), strict=True):
            rows[place] = {kind: body}
