"""The table's file: exact bytes, refusals, and subsets."""

import struct

import numpy as np
import pytest

from edgeshop.recommend.errors import TableMalformed
from edgeshop.recommend.services.ranker import rank_numpy
from edgeshop.recommend.services.table import Table
from tests.unit.recommend import golden

pytestmark = pytest.mark.unit


def tiny() -> Table:
    return Table(
        model_version=7,
        trained_at_s=1_700_000_000,
        calibration=np.array([1, 2, 3, 4], np.float32),
        product_ids=np.array([5, 9, 12], np.int32),
        nid=np.array([[2], [3], [0]], np.uint16),
        w8=np.array([[200], [100], [0]], np.uint8),
        ws=np.array([0.5, 0.25, 0], np.float32),
        popularity=np.array([2, 0, 1], np.uint16),
    )


def test_file_is_laid_out_as_documented() -> None:
    head = b"ESFN" + bytes([1, 8]) + struct.pack("<HIII4f", 1, 3, 7, 1_700_000_000, 1, 2, 3, 4)
    rows = struct.pack("<3i", 5, 9, 12) + struct.pack("<3HH", 2, 3, 0, 0) + bytes([200, 100, 0, 0])
    tail = struct.pack("<3f", 0.5, 0.25, 0) + struct.pack("<3HH", 2, 0, 1, 0)

    assert tiny().to_bytes() == head + rows + tail


def test_file_survives_a_round_trip(table: Table) -> None:
    data = golden.TABLE.read_bytes()

    assert Table.from_bytes(data).to_bytes() == data
    assert (table.rows, table.model_version, table.trained_at_s) == (300, 3, golden.TRAINED_AT_S)
    assert len(data) < 64 * 1024


@pytest.mark.parametrize(
    ("offset", "value", "reason"),
    [
        (0, b"ESFM", "magic"),
        (4, b"\x02", "format"),
        (5, b"\x04", "format"),
        (8, struct.pack("<I", 4), "length"),
        (8, struct.pack("<I", 0), "length"),
        (20, struct.pack("<f", float("nan")), "calibration"),
        (36, struct.pack("<i", 0), "product_ids"),
        (40, struct.pack("<i", 5), "product_ids"),
        (48, struct.pack("<H", 4), "nid"),
        (48, struct.pack("<H", 1), "nid"),
        (58, b"\x01", "w8"),
        (60, struct.pack("<f", -1.0), "ws"),
        (60, struct.pack("<f", float("inf")), "ws"),
        (72, struct.pack("<H", 3), "popularity"),
        (72, struct.pack("<H", 1), "popularity"),
    ],
)
def test_file_that_would_rank_wrongly_is_refused(offset: int, value: bytes, reason: str) -> None:
    data = bytearray(tiny().to_bytes())
    data[offset : offset + len(value)] = value

    with pytest.raises(TableMalformed) as refused:
        Table.from_bytes(bytes(data))

    assert refused.value.fields == {"reason": reason}


def test_file_cut_short_at_any_place_is_refused() -> None:
    data = tiny().to_bytes()

    for end in range(len(data)):
        with pytest.raises(TableMalformed):
            Table.from_bytes(data[:end])


def test_neighbour_named_twice_is_refused(table: Table) -> None:
    nid = table.nid.copy()
    nid[4, 1] = nid[4, 0]
    broken = Table(
        table.model_version,
        table.trained_at_s,
        table.calibration,
        table.product_ids,
        nid,
        table.w8,
        table.ws,
        table.popularity,
    )

    with pytest.raises(TableMalformed):
        Table.from_bytes(broken.to_bytes())


def test_subset_renumbers_neighbours_and_drops_the_rest() -> None:
    part = tiny().subset([12, 9, 4_000])

    assert part.product_ids.tolist() == [9, 12]
    assert (part.nid.tolist(), part.w8.tolist(), part.ws.tolist()) == ([[2], [0]], [[100], [0]], [0.25, 0])
    assert part.bestsellers() == [12, 9]
    assert Table.from_bytes(part.to_bytes()).product_ids.tolist() == [9, 12]


def test_subset_of_nothing_known_is_refused() -> None:
    with pytest.raises(TableMalformed):
        tiny().subset([4_000])


def test_top_rows_are_the_best_sellers_and_rank_among_themselves_as_before(table: Table) -> None:
    part = Table.from_bytes(table.top(120).to_bytes())

    inside = set(table.bestsellers()[:120])
    basket = part.bestsellers()[:3]
    whole = rank_numpy(table, basket, k=table.rows)
    expected = [item for item in whole.items[: whole.scored] if item in inside]
    assert set(part.product_ids.tolist()) == inside
    assert rank_numpy(part, basket, k=len(expected)).items == expected
