"""Facts on their way: in columns, shortened by the apps that know what can be told from the rest.

The cloud restores the very bytes that were hashed, and the chain proves it; the sender has tried that out first.
Shapes: a row has one column, its kind's, or that of the kind's short form.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from edgeshop.journal.errors import FactsUnreadable
from edgeshop.journal.registry import SHORT, Row, Shorthand, Writer, shorthand_of
from edgeshop.kernel.columns import UNTRUSTED, decode_rows, encode_rows
from edgeshop.kernel.facts import canonical

log = logging.getLogger(__name__)
_CHECKSUM_BYTES = 4
_BYTES_MAX = 64 * 2**20


def pack_facts(
    facts: Sequence[tuple[str, bytes]], *, writer: Writer, names: Sequence[str], plainly: bool = False
) -> bytes:
    """Facts [n] of (kind, body) in columns. `plainly`: as they are, for a reader that could not restore them.

    `names`: what both sides call columns by number.
    """
    rows = [{kind: _said(kind, body)} for kind, body in facts]
    for kind, places in {} if plainly else _places(rows):
        hand = shorthand_of(kind)
        if hand is not None:
            _shorten(rows, places, kind, hand, writer)
    return _checksum(facts) + encode_rows(rows, names=names, trusted=False)


def unpack_facts(data: bytes, *, writer: Writer, names: Sequence[str]) -> list[tuple[str, bytes]]:
    """The facts again. Raises: MalformedColumn; FactsUnreadable when they cannot be restored here."""
    rows = decode_rows(data[_CHECKSUM_BYTES:], names=names, codecs=UNTRUSTED, max_bytes=_BYTES_MAX)
    facts = _restored(rows, writer)
    if _checksum(facts) != data[:_CHECKSUM_BYTES]:
        raise FactsUnreadable("These facts came out otherwise; say them plainly.")
    return facts


def _checksum(facts: Sequence[tuple[str, bytes]]) -> bytes:
    """Enough to see that a short form was restored wrongly, which says nothing about the journal. Shape: [4]."""
    told = hashlib.sha256()
    for kind, body in facts:
        told.update(kind.encode() + b"\0" + body)
    return told.digest()[:_CHECKSUM_BYTES]


def _restored(rows: list[dict[str, Any]], writer: Writer) -> list[tuple[str, bytes]]:
    try:
        for name, places in _places(rows):
            if name.startswith(SHORT):
                _expand(rows, places, name.removeprefix(SHORT), writer)
        return [(kind, _body(kind, said)) for row in rows for kind, said in row.items()]
    except Exception as odd:
        raise FactsUnreadable("These facts cannot be restored here; say them plainly.", why=repr(odd)[:200]) from odd


def _said(kind: str, body: bytes) -> Row | bytes:
    """What a fact says, or its bytes where those are not what we would write."""
    said = json.loads(body)
    is_ours = isinstance(said, dict) and said.pop("kind", None) == kind and _body(kind, said) == body
    return said if is_ours else body


def _body(kind: str, said: Row | bytes) -> bytes:
    return said if isinstance(said, bytes) else canonical(said | {"kind": kind})


def _places(rows: list[dict[str, Any]]) -> list[tuple[str, list[int]]]:
    found = defaultdict(list)
    for place, row in enumerate(rows):
        found[next(iter(row))].append(place)
    return list(found.items())


def _shorten(rows: list[dict[str, Any]], places: list[int], kind: str, hand: Shorthand, writer: Writer) -> None:
    """Put the short form of each fact where it stands, if it leads back to the same bytes."""
    plain = [place for place in places if isinstance(rows[place][kind], dict)]
    bodies = [rows[place][kind] for place in plain]
    try:
        shorts = hand.shorten(bodies, writer)
        restored = hand.expand(shorts, writer)
    except Exception:  # facts have to go up, in however many bytes
        log.exception("facts of %s travel plainly", kind)
        return
    for place, short, body, again in zip(plain, shorts, bodies, restored, strict=True):
        if canonical(again) == canonical(body):
            rows[place] = {SHORT + kind: short}


def _expand(rows: list[dict[str, Any]], places: list[int], kind: str, writer: Writer) -> None:
    hand = shorthand_of(kind)
    if hand is None:
        raise LookupError(f"No short form of {kind} is known here.")
    bodies = hand.expand([rows[place][SHORT + kind] for place in places], writer)
    for place, body in zip(places, bodies, strict=True):
        rows[place] = {kind: body}
