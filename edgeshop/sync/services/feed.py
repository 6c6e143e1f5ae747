"""Pages on their way: each stream's rows as columns, keys as numbers.

Shapes: a page is [stream, epoch, number, whether more waits, rows, what is gone], and the digest [8] of all of the
stream where it ends there. A stream is its place in a list both sides hold, or its name; a kiosk's own streams go
without its number. Of the pages of one answer each may name keys by those of the largest before it: a product that has
changed often has another price and other stock as well.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from edgeshop.journal.registry import Row
from edgeshop.journal.services import Page
from edgeshop.kernel.columns import TRUSTED, decode_rows, encode_rows
from edgeshop.sync.services.names import OWN_STREAMS, ROWS, STREAMS

_BYTES_MAX = 256 * 2**20
_KEY = re.compile(r"(.*?)(0|[1-9][0-9]{0,17})", re.ASCII | re.DOTALL)
_BEFORE, _NUMBER, _KEYWORD = "@", "#", "key"


def pack_pages(pages: Iterable[Page]) -> list[list[Any]]:
    """The pages of one answer, for the kiosk that reads them in this order."""
    packed, known = [], list[int]()
    for page in pages:
        packed.append(pack_page(page, known=known))
        known = _larger(known, page)
    return packed


def unpack_pages(said: Iterable[list[Any]], *, kiosk_id: int) -> Iterator[Page]:
    """The pages of an answer again. Raises: as `unpack_page`."""
    known = list[int]()
    for told in said:
        page = unpack_page(told, kiosk_id=kiosk_id, known=known)
        yield page
        known = _larger(known, page)


def _larger(known: list[int], page: Page) -> list[int]:
    """Numbers of keys, rising: those that were known, or the page's own if they are more."""
    here = {place[_NUMBER] for place in map(_split, (row[_KEYWORD] for row in page.rows)) if _NUMBER in place}
    return sorted(here) if len(here) > len(known) else known


def pack_page(page: Page, *, known: Sequence[int] = ()) -> list[Any]:
    """A page as plain values, for the kiosk that reads it. `known`: numbers it has read before, rising."""
    name, _, owner = page.stream.partition("/")
    stream = STREAMS.index(name) if name in STREAMS and bool(owner) == (name in OWN_STREAMS) else page.stream
    rows = sorted(map(_to_numbered, page.rows), key=_place)
    gone = sorted((_split(key) for key in page.gone), key=_place)
    digest = [] if page.digest is None else [page.digest]
    columns = [encode_rows(found, names=ROWS, known=known) for found in (rows, gone)]
    return [stream, page.epoch, page.seq, page.more, *columns, *digest]


def unpack_page(said: list[Any], *, kiosk_id: int, known: Sequence[int] = ()) -> Page:
    """The page again. The bytes are the cloud's, which has signed them. Raises: MalformedColumn; what is no page."""
    _, epoch, seq, more, rows, gone, digest = [*said[:7], None][:7]
    stream = stream_of(said, kiosk_id=kiosk_id)
    found, over = (
        decode_rows(data, names=ROWS, codecs=TRUSTED, max_bytes=_BYTES_MAX, known=known) for data in (rows, gone)
    )
    return Page(stream, epoch, seq, [_to_keyed(row) for row in found], list(_keys(over)), more, digest)


def stream_of(said: list[Any], *, kiosk_id: int) -> str:
    """The stream of a packed page; its bare number, if a newer release has given it one that is not known here."""
    stream = said[0]
    if isinstance(stream, int) and 0 <= stream < len(STREAMS):
        return f"{STREAMS[stream]}/{kiosk_id}" if STREAMS[stream] in OWN_STREAMS else STREAMS[stream]
    return str(stream)


def _to_numbered(row: Row) -> Row:
    return _split(row[_KEYWORD]) | {name: said for name, said in row.items() if name != _KEYWORD}


def _split(key: str) -> Row:
    """A key as what comes before its number, and that."""
    parts = _KEY.fullmatch(key)
    return {_BEFORE: key} if parts is None else {_BEFORE: parts[1], _NUMBER: int(parts[2])}


def _place(row: Row) -> tuple[str, int]:
    return row[_BEFORE], row.get(_NUMBER, -1)


def _to_keyed(row: Row) -> Row:
    key = _joined(row)
    return {_KEYWORD: key} | {name: said for name, said in row.items() if name not in (_BEFORE, _NUMBER)}


def _keys(rows: Iterable[Row]) -> Iterable[str]:
    return map(_joined, rows)


def _joined(row: Row) -> str:
    return f"{row[_BEFORE]}{row.get(_NUMBER, '')}"
