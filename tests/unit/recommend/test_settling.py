"""A settled table stays near the one before it and ranks as the fresh one does, week after week."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from edgeshop.recommend.services import table_delta
from edgeshop.recommend.services.agreement import Agreement, compare
from edgeshop.recommend.services.alignment import TIERS, aligned
from edgeshop.recommend.services.rows import quantised
from edgeshop.recommend.services.settling import TOLERANCES, settled_popularity, settled_rows
from edgeshop.recommend.services.table import Table
from edgeshop.recommend.services.training import train

pytestmark = pytest.mark.unit
PRODUCTS = 120


def baskets(weeks: int, *, seed: int = 1) -> list[list[int]]:
    """A shop of ten shelves that customers mostly stay at; so many weeks of it, oldest first."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(300 * weeks):
        shelf = int(random.integers(10))
        near = shelf * 12 + np.minimum(random.geometric(0.25, 5), 12)
        far = random.integers(1, PRODUCTS + 1, 1)
        found.append(list(dict.fromkeys([*near.tolist(), *far.tolist()])))
    return found


@pytest.fixture(scope="module")
def base() -> Table:
    return train(baskets(4), {})


@pytest.fixture(scope="module")
def fresh() -> Table:
    return train(baskets(5), {}, model_version=2)


@pytest.fixture(scope="module")
def near(base: Table) -> Table:
    return train(baskets(5), {}, model_version=2, base=base)


def as_items(table: Table, some: list[list[int]]) -> list[np.ndarray]:
    return [np.searchsorted(table.product_ids, basket) for basket in some]


def drifting(weeks: int) -> list[np.ndarray]:
    """Dense neighbours of forty products that move a little every week."""
    random = np.random.default_rng(5)
    matrix = random.random((40, 40)) ** 4
    found = []
    for _ in range(weeks):
        matrix = np.abs(matrix + 0.01 * random.standard_normal(matrix.shape))
        np.fill_diagonal(matrix, 0)
        found.append(matrix.astype(np.float32))
    return found


def of_matrix(matrix: np.ndarray, before: Table | None = None) -> Table:
    """A table of a matrix; near the one before, where there is one."""
    ids = np.arange(1, len(matrix) + 1, dtype=np.int32)
    columns = settled_rows(matrix, aligned(before, ids), TOLERANCES[0]) if before else quantised(matrix)
    popularity = np.arange(len(matrix), dtype=np.uint16)
    return Table(1, 0, np.zeros(4, np.float32), ids, *columns, popularity)


def dense(table: Table) -> np.ndarray:
    full = np.zeros((table.rows, table.rows + 1))
    np.put_along_axis(full, table.nid.astype(np.int64), table.w8 * table.ws[:, None].astype(np.float64), 1)
    return full[:, 1:]


def test_settled_table_is_whole_and_costs_a_fraction_of_the_fresh_one() -> None:
    old, new = drifting(2)
    base = of_matrix(old)
    settled, fresh = of_matrix(new, base).to_bytes(), of_matrix(new).to_bytes()

    assert Table.from_bytes(settled).rows == 40
    assert len(table_delta.encode(base.to_bytes(), settled)) < len(table_delta.encode(base.to_bytes(), fresh)) / 2


def test_a_settled_table_settles_on_itself() -> None:
    old, new = drifting(2)
    settled = of_matrix(new, of_matrix(old))

    assert of_matrix(new, settled).to_bytes() == settled.to_bytes()


def test_errors_level_off_over_forty_weeks() -> None:
    """The control stays with its first table: its error goes on growing."""
    matrices = drifting(41)
    first = table = of_matrix(matrices[0])
    errors, stale = [], []
    for matrix in matrices[1:]:
        table, fresh = of_matrix(matrix, table), dense(of_matrix(matrix))
        errors.append(float(np.abs(dense(table) - fresh).mean()))
        stale.append(float(np.abs(dense(first) - fresh).mean()))

    assert np.mean(errors[30:]) < 1.05 * np.mean(errors[20:30])
    assert np.mean(stale[30:]) > 1.1 * np.mean(stale[20:30])
    assert errors[-1] < stale[-1] / 2


def test_settled_table_ranks_as_the_fresh_one_on_baskets_that_neither_has_seen(fresh: Table, near: Table) -> None:
    unseen = as_items(fresh, baskets(3, seed=2))

    found = compare(fresh, near, unseen)

    assert found.passes
    assert not compare(fresh, replace(fresh, nid=fresh.nid[::-1].copy(), w8=fresh.w8[::-1].copy()), unseen).passes


def test_products_come_and_go(base: Table) -> None:
    texts = {PRODUCTS + 50: "a new thing", PRODUCTS + 51: "a new thing as well"}
    without = [[product for product in basket if product > 12] for basket in baskets(5)]

    table = train(without, texts, base=base)

    assert table.product_ids[0] == 13
    assert table.product_ids[-1] == PRODUCTS + 51
    before = base.to_bytes()
    assert table_delta.apply(table_delta.encode(before, table.to_bytes()), before) == table.to_bytes()


def test_a_shop_of_fewer_products_than_places_settles_too() -> None:
    few = [[product % 5 + 1 for product in basket] for basket in baskets(1)]
    base = train(few, {})

    table = train(few + few, {}, base=base)

    assert Table.from_bytes(table.to_bytes()).rows == 5


def test_coarser_tolerance_stays_nearer(base: Table) -> None:
    random = np.random.default_rng(4)
    matrix = random.random((base.rows, base.rows)).astype(np.float32)
    np.fill_diagonal(matrix, 0)
    old = aligned(base, base.product_ids)
    tables = [
        replace(base, nid=nid, w8=w8, ws=ws)
        for nid, w8, ws in (settled_rows(matrix, old, tolerance) for tolerance in TOLERANCES)
    ]

    sizes = [len(table_delta.encode(base.to_bytes(), Table.from_bytes(t.to_bytes()).to_bytes())) for t in tables]

    assert sizes == sorted(sizes)


def test_leaders_stand_by_their_sales_and_others_move_by_whole_levels(base: Table) -> None:
    old = aligned(base, base.product_ids)
    sold = np.linspace(1000, 2000, base.rows)

    order = settled_popularity(sold, old).tolist()

    assert order[:64] == list(range(base.rows - 1, base.rows - 65, -1))
    rank = {item: place for place, item in enumerate(old.popularity.tolist())}
    levels = np.rint(np.log2(sold))[order[64:]]
    assert (np.diff(levels) <= 0).all()
    assert all(
        rank[a] < rank[b] for a, b in pairwise(order[64:]) if np.rint(np.log2(sold[a])) == np.rint(np.log2(sold[b]))
    )


def test_tiers_follow_the_best_sellers(base: Table) -> None:
    tier = aligned(base, base.product_ids).tier

    assert np.bincount(tier).tolist() == [int(base.rows * share) for share in np.diff([0.0, *TIERS])]
    assert tier[base.popularity[0]] == 0


def test_nothing_asked_means_nothing_lost(fresh: Table) -> None:
    assert compare(fresh, fresh, []) == Agreement(1.0, 0.0)
