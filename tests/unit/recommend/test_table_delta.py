"""The difference of two tables: it leads from the one file to the other, to the byte, and from no other file."""

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.kernel.deltas import BadDelta
from edgeshop.recommend.services import order_delta, table_delta
from edgeshop.recommend.services.rows import quantised
from edgeshop.recommend.services.table import NEIGHBOURS, Table

pytestmark = pytest.mark.unit
product_sets = st.sets(st.integers(1, 400), min_size=1, max_size=50)


def table_of(product_ids: set[int], seed: int) -> Table:
    """A table of these products with random neighbours, some rows full and some nearly empty."""
    random = np.random.default_rng(seed)
    rows = len(product_ids)
    matrix = random.standard_normal((rows, rows)).astype(np.float32) * random.integers(0, 3, (rows, 1))
    np.fill_diagonal(matrix, 0)
    nid, w8, ws = quantised(matrix.astype(np.float32))
    return Table(
        model_version=seed + 1,
        trained_at_s=1_700_000_000 + seed,
        calibration=random.standard_normal(4).astype(np.float32),
        product_ids=np.array(sorted(product_ids), np.int32),
        nid=nid,
        w8=w8,
        ws=ws,
        popularity=random.permutation(rows).astype(np.uint16),
    )


@given(old=product_sets, new=product_sets, seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_any_table_leads_to_any_other_to_the_byte(old: set[int], new: set[int], seed: int) -> None:
    base, wanted = table_of(old, seed).to_bytes(), table_of(new, seed + 1).to_bytes()

    assert table_delta.apply(table_delta.encode(base, wanted), base) == wanted


def test_a_table_that_only_says_another_version_costs_next_to_nothing(table: Table) -> None:
    base, new = table.to_bytes(), replace(table, model_version=table.model_version + 1).to_bytes()

    delta = table_delta.encode(base, new)

    assert table_delta.apply(delta, base) == new
    assert len(delta) < 400


def test_a_delta_refuses_another_table() -> None:
    base, new, other = (table_of(set(range(1, 50)), seed).to_bytes() for seed in range(3))
    delta = table_delta.encode(base, new)

    with pytest.raises(BadDelta) as refused:
        table_delta.apply(delta, other)

    assert refused.value.fields["reason"] == "base"


@pytest.fixture(scope="module")
def small() -> tuple[bytes, bytes, bytes]:
    """A table, the next one, and the delta between them."""
    base, new = (table_of(set(range(1 + seed, 20)), seed).to_bytes() for seed in range(2))
    return base, new, table_delta.encode(base, new)


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_a_cut_or_damaged_delta_is_refused_or_arrives_all_the_same(
    small: tuple[bytes, bytes, bytes], data: st.DataObject
) -> None:
    base, new, whole = small
    delta = bytearray(whole)
    if data.draw(st.booleans(), label="cut"):
        del delta[data.draw(st.integers(0, len(delta) - 1), label="at") :]
    else:
        place = data.draw(st.integers(0, len(delta) - 1), label="place")
        delta[place] ^= data.draw(st.integers(1, 255), label="flip")

    try:
        got = table_delta.apply(bytes(delta), base)
    except BadDelta:
        return

    assert got == new


@given(noise=st.binary(max_size=400))
@settings(max_examples=20, deadline=None)
def test_noise_behind_a_true_header_is_refused(noise: bytes) -> None:
    base, new = (table_of(set(range(1, 20)), seed).to_bytes() for seed in range(2))
    head = table_delta.MAGIC + hashlib.sha256(base).digest() + hashlib.sha256(new).digest()

    with pytest.raises(BadDelta):
        table_delta.apply(head + noise, base)


def test_tables_of_different_widths_have_no_delta() -> None:
    from edgeshop.kernel.errors import InvalidInput

    base = table_of(set(range(1, 50)), 1)
    narrow = replace(base, nid=base.nid[:, : NEIGHBOURS // 2], w8=base.w8[:, : NEIGHBOURS // 2])

    with pytest.raises(InvalidInput):
        table_delta.encode(base.to_bytes(), narrow.to_bytes())


@settings(deadline=None)
@given(orders=st.integers(0, 40).flatmap(lambda n: st.tuples(*[st.permutations(range(n))] * 2)))
def test_one_order_leads_to_another(orders: Any) -> None:
    old, new = (np.array(order, np.int64) for order in orders)

    assert order_delta.decode(order_delta.encode(old, new), old).tolist() == new.tolist()


def test_one_thing_that_moved_is_all_that_is_told() -> None:
    old = np.arange(1000)
    new = np.concatenate([[777], np.delete(old, 777)])

    assert len(order_delta.encode(old, new)) < 100 < len(order_delta.encode(old, old[::-1].copy()))
