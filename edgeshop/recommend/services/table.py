"""The neighbour table and its file, "ESFN" version 1: the same bytes feed ONNX Runtime, numpy and the browser.

Little endian, no gaps but the padding named here:

| offset | field |
| --- | --- |
| 0 | magic `ESFN`, u8 format = 1, u8 bits = 8, u16 N = neighbours per row |
| 8 | u32 V = rows, u32 model version, u32 trained at (unix seconds) |
| 20 | 4 × f32 calibration c0..c3 |
| 36 | i32 product_ids[V], ascending: the row of a product is its *item index* |
| + 4V | u16 nid[V·N], item index + 1 of a neighbour, 0 = empty; then zeros up to a multiple of 4 |
| | u8 w8[V·N], weight of that neighbour in steps of the row's scale; then zeros up to a multiple of 4 |
| | f32 ws[V], the row's scale |
| | u16 popularity[V], item indexes, best sellers first; then zeros up to a multiple of 4 |

A row holds a neighbour at most once and never its own product; filled places come first, in ascending order, which
keeps the difference between two weeks small.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edgeshop.recommend.errors import TableMalformed

MAGIC = b"ESFN"
FORMAT = 1
BITS = 8
NEIGHBOURS = 32  # twice as many gain under 1 % of the hits, half as many lose 1 %
ROWS_MAX = 65_535  # a neighbour is item index + 1 in sixteen bits
_HEADER = struct.Struct("<4sBBHIII4f")
HEADER_BYTES = _HEADER.size


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One trained model.

    Shapes: calibration [4], product_ids [V] int32, nid [V, N] uint16, w8 [V, N] uint8, ws [V] float32,
    popularity [V] uint16. Units: trained_at_s in unix seconds.
    """

    model_version: int
    trained_at_s: int
    calibration: NDArray[np.float32]
    product_ids: NDArray[np.int32]
    nid: NDArray[np.uint16]
    w8: NDArray[np.uint8]
    ws: NDArray[np.float32]
    popularity: NDArray[np.uint16]

    @property
    def rows(self) -> int:
        """How many products the table knows."""
        return len(self.product_ids)

    def to_bytes(self) -> bytes:
        """The file. The same table always gives the same bytes."""
        head = _HEADER.pack(
            MAGIC, FORMAT, BITS, self.nid.shape[1], self.rows, self.model_version, self.trained_at_s, *self.calibration
        )
        parts = [_bytes(self.product_ids, "<i4"), _bytes(self.nid, "<u2"), _bytes(self.w8, "u1")]
        return b"".join([head, *parts, _bytes(self.ws, "<f4"), _bytes(self.popularity, "<u2")])

    @classmethod
    def from_bytes(cls, data: bytes) -> "Table":
        """Read a file; the arrays look into `data` and cannot be written. Raises: TableMalformed."""
        width, rows, version, trained_at_s, calibration = _read_header(data)
        if not (0 < rows <= ROWS_MAX and width and len(data) == _size(rows, width)):
            raise TableMalformed("The table's length does not fit its header.", reason="length")
        table = cls(version, trained_at_s, calibration, *_arrays(data, rows, width))
        _check(table)
        return table

    @classmethod
    def of_header(cls, header: bytes, *columns: NDArray[Any]) -> "Table":
        """A table of the first HEADER_BYTES of a file and the columns, in their order. Raises: TableMalformed."""
        _, _, version, trained_at_s, calibration = _read_header(header)
        return cls(version, trained_at_s, calibration, *columns)

    def subset(self, product_ids: Iterable[int]) -> "Table":
        """The same table with only these products' rows; others drop out of neighbours and best sellers.

        Products without a row are passed over. Raises: TableMalformed when none has one.
        """
        keep = np.flatnonzero(np.isin(self.product_ids, np.fromiter(product_ids, np.int64)))
        if not len(keep):
            raise TableMalformed("A table has at least one row.", reason="empty")
        number = np.zeros(self.rows + 1, np.uint16)
        number[keep + 1] = np.arange(1, len(keep) + 1)
        nid, w8 = _packed(number[self.nid[keep]], self.w8[keep])
        popular = number[self.popularity.astype(np.int64) + 1]
        return replace(
            self,
            product_ids=self.product_ids[keep],
            nid=nid,
            w8=w8,
            ws=self.ws[keep],
            popularity=popular[popular > 0] - np.uint16(1),
        )

    def top(self, rows: int) -> "Table":
        """The subset of the `rows` best sellers: what a browser gets first."""
        return self.subset(self.product_ids[self.popularity[:rows]].tolist())

    def bestsellers(self) -> list[int]:
        """All product ids, best sellers first."""
        return [int(product) for product in self.product_ids[self.popularity]]


def _read_header(data: bytes) -> tuple[int, int, int, int, NDArray[np.float32]]:
    """(width, rows, model version, trained at, calibration). Raises: TableMalformed."""
    if len(data) < _HEADER.size or data[:4] != MAGIC:
        raise TableMalformed("This is no recommendation table.", reason="magic")
    _, form, bits, width, rows, version, trained_at_s, *calibration = _HEADER.unpack_from(data)
    if (form, bits) != (FORMAT, BITS):
        raise TableMalformed("This table is of a form that this release cannot read.", reason="format")
    return width, rows, version, trained_at_s, np.array(calibration, np.float32)


def _packed(nid: NDArray[np.uint16], w8: NDArray[np.uint8]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Filled places first, order kept. Shapes: [V, N] each."""
    w8 = np.where(nid > 0, w8, 0).astype(np.uint8)
    order = np.argsort(nid == 0, axis=1, kind="stable")
    return np.take_along_axis(nid, order, 1), np.take_along_axis(w8, order, 1)


def _bytes(array: NDArray[Any], form: str) -> bytes:
    raw = array.astype(form).tobytes()
    return raw + bytes(-len(raw) % 4)


def _places(rows: int, width: int) -> list[tuple[str, int, int]]:
    """(form, count, offset) of each array of a file, and at last one past the end."""
    offset = _HEADER.size
    places = []
    for form, count in (("<i4", rows), ("<u2", rows * width), ("u1", rows * width), ("<f4", rows), ("<u2", rows)):
        places.append((form, count, offset))
        offset += -(-count * int(form[-1]) // 4) * 4
    return [*places, ("u1", 0, offset)]


def _size(rows: int, width: int) -> int:
    return _places(rows, width)[-1][2]


def _arrays(data: bytes, rows: int, width: int) -> tuple[Any, ...]:
    places = _places(rows, width)[:-1]
    ids, nid, w8, ws, popularity = (np.frombuffer(data, form, count, at) for form, count, at in places)
    return ids, nid.reshape(rows, width), w8.reshape(rows, width), ws, popularity


def _check(table: Table) -> None:
    """Refuse what would rank wrongly or read outside the table. Raises: TableMalformed."""
    filled = table.nid > 0
    neighbours = np.sort(table.nid, axis=1)
    own = np.arange(1, table.rows + 1)[:, None]
    faults = {
        "product_ids": table.product_ids[0] < 1 or bool((np.diff(table.product_ids) <= 0).any()),
        "nid": int(table.nid.max()) > table.rows or bool((table.nid == own).any()),
        "nid_twice": bool(((np.diff(neighbours) == 0) & (neighbours[:, 1:] > 0)).any()),
        "w8": bool((table.w8[~filled] != 0).any()),
        "ws": not np.isfinite(table.ws).all() or bool((table.ws < 0).any()),
        "calibration": not np.isfinite(table.calibration).all(),
        "popularity": not np.array_equal(np.sort(table.popularity), np.arange(table.rows)),
    }
    for reason, wrong in faults.items():
        if wrong:
            raise TableMalformed(f"The table's field {reason} does not hold together.", reason=reason)
