"""The difference between two table files, to the byte, in a few kilobytes: what a kiosk fetches that has the older one.

| bytes | field |
| --- | --- |
| 4 | magic `ESFD` |
| 1 | format = 1 |
| 32, 32 | sha256 of the base file and of the file that comes out |
| rest | sections: the new header; product ids; row scales; lost neighbours, moved weights, new neighbours; popularity |

Everything is told against the base in the new numbering (`alignment`), by the entropy coder of `kernel.deltas`, under
contexts that both sides see: how well a row's product sells, and how strong the old neighbour was.
"""

import hashlib

import numpy as np

from edgeshop.kernel.deltas import BadDelta, sections
from edgeshop.kernel.deltas.packing import press, unpress
from edgeshop.kernel.errors import InvalidInput
from edgeshop.recommend.errors import TableMalformed
from edgeshop.recommend.services import id_delta, neighbour_delta, order_delta
from edgeshop.recommend.services.alignment import aligned
from edgeshop.recommend.services.table import HEADER_BYTES, Table

MAGIC = b"ESFD\1"
_HEAD = len(MAGIC) + 32 + 32


def encode(base: bytes, new: bytes) -> bytes:
    """What makes the new file of the base. Raises: TableMalformed, InvalidInput for tables of different widths."""
    old_table, new_table = Table.from_bytes(base), Table.from_bytes(new)
    if old_table.nid.shape[1] != new_table.nid.shape[1]:
        raise InvalidInput("A delta leads between tables of one width.")
    old = aligned(old_table, new_table.product_ids)
    ws_differs = old.ws != new_table.ws
    parts = [
        new[:HEADER_BYTES],
        id_delta.encode(old_table.product_ids, new_table.product_ids),
        press(np.packbits(ws_differs).tobytes()),
        press(new_table.ws[ws_differs].tobytes()),
        neighbour_delta.encode(old, new_table),
        order_delta.encode(old.popularity, new_table.popularity.astype(np.int64)),
    ]
    delta = MAGIC + hashlib.sha256(base).digest() + hashlib.sha256(new).digest() + sections.join(parts)
    apply(delta, base)  # what does not lead there must not be published
    return delta


def apply(delta: bytes, base: bytes) -> bytes:
    """The new file. Raises: BadDelta, and the base is as it was."""
    if len(delta) < _HEAD or not delta.startswith(MAGIC):
        raise BadDelta("This is no table delta that this release can read.", reason="form")
    if hashlib.sha256(base).digest() != delta[5:37]:
        raise BadDelta("This delta leads on from another table.", reason="base", base=delta[5:37].hex())
    try:
        new = _applied(Table.from_bytes(base), sections.split(delta[_HEAD:], 6))
    except (TableMalformed, ValueError, IndexError) as error:
        raise BadDelta("The delta's parts do not fit together.", reason="content") from error
    if hashlib.sha256(new).digest() != delta[37:_HEAD]:
        raise BadDelta("This delta does not arrive at what it promises.", reason="result", result=delta[37:_HEAD].hex())
    return new


def _applied(base: Table, parts: list[bytes]) -> bytes:
    header, ids_data, ws_flags, ws_data, rows_data, popularity_data = parts
    product_ids = id_delta.decode(ids_data, base.product_ids)
    old = aligned(base, product_ids)
    count = len(product_ids)
    flags = np.frombuffer(unpress(ws_flags, size_bytes=-(-count // 8)), np.uint8)
    ws_differs = np.unpackbits(flags, count=count).astype(bool)
    ws = old.ws.copy()
    ws[ws_differs] = np.frombuffer(unpress(ws_data, size_bytes=4 * int(ws_differs.sum())), "<f4")
    nid, w8 = neighbour_delta.decode(rows_data, old, ws)
    popularity = order_delta.decode(popularity_data, old.popularity)
    return Table.of_header(header, product_ids, nid, w8, ws, popularity.astype(np.uint16)).to_bytes()
