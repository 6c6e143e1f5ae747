"""How good the table is on real baskets: the newest tenth of a year, ranked by a table that has not seen it.

Data: "Online Retail", UCI Machine Learning Repository, doi 10.24432/C5BW33, CC BY 4.0.
"""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeshop.recommend.services.ranker import rank_numpy
from edgeshop.recommend.services.session import Ranker
from edgeshop.recommend.services.table import Table
from edgeshop.recommend.services.training import train

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "online_retail.csv.gz"
LINES = (4, 100)  # of a basket worth testing with
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not FILE.exists(), reason=f"the Online Retail data are not at {FILE}"),
]

Baskets = list[list[int]]
Rank = Callable[[list[int]], list[int]]


@pytest.fixture(scope="module")
def parts() -> tuple[Baskets, Baskets]:
    """(older nine tenths, newest tenth) of all baskets of goods, products numbered by their stock code."""
    seen: dict[str, tuple[str, dict[str, None]]] = {}
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["StockCode"].upper()
            sold = row["InvoiceNo"][0].isdigit() and int(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0
            if sold and code[:5].isdigit():
                seen.setdefault(row["InvoiceNo"], (row["InvoiceDate"], {}))[1].setdefault(code)
    dated = sorted((at, invoice, list(codes)) for invoice, (at, codes) in seen.items())
    number = {code: n for n, code in enumerate(sorted({c for *_, codes in dated for c in codes}), start=1)}
    baskets = [[number[code] for code in codes] for *_, codes in dated]
    cut = int(len(baskets) * 0.9)
    return baskets[:cut], baskets[cut:]


@pytest.fixture(scope="module")
def trained(parts: tuple[Baskets, Baskets]) -> Table:
    """The table as a browser would read it."""
    return Table.from_bytes(train(parts[0], {}).to_bytes())


def trial_baskets(parts: tuple[Baskets, Baskets], table: Table) -> Baskets:
    known = set(table.product_ids.tolist())
    baskets = [[product for product in basket if product in known] for basket in parts[1]]
    return [basket for basket in baskets if LINES[0] <= len(basket) <= LINES[1]]


def hits(baskets: Baskets, rank: Rank, *, half: bool = False) -> float:
    """Mean share of what came next that is among ten answers; next is the last line, or the second half."""
    total = 0.0
    for basket in baskets:
        cut = (len(basket) + 1) // 2 if half else len(basket) - 1
        total += len({*rank(basket[:cut])} & {*basket[cut:]}) / len(basket[cut:])
    return total / len(baskets)


def test_table_finds_the_last_line_of_real_baskets_far_better_than_best_sellers(
    parts: tuple[Baskets, Baskets], trained: Table
) -> None:
    table = trained
    baskets, popular = trial_baskets(parts, table), table.bestsellers()
    ranker = Ranker(table)

    def control(basket: list[int]) -> list[int]:
        return [product for product in popular if product not in basket][:10]

    def model(basket: list[int]) -> list[int]:
        return ranker.rank(basket, k=10).items

    last, half = hits(baskets, model), hits(baskets, model, half=True)
    assert len(baskets) > 1_200
    assert last >= 0.33
    assert half >= 0.11
    assert hits(baskets, control) < 0.1
    assert hits(baskets, control, half=True) < 0.06


def test_first_seed_of_two_thousand_rows_keeps_nearly_all_hits(parts: tuple[Baskets, Baskets], trained: Table) -> None:
    table = trained
    baskets, whole, seed = trial_baskets(parts, table), Ranker(table), Ranker(table.top(2_000))

    all_rows = hits(baskets, lambda basket: whole.rank(basket, k=10).items)
    top_rows = hits(baskets, lambda basket: seed.rank(basket, k=10).items)

    assert top_rows >= 0.95 * all_rows


def test_onnx_and_numpy_agree_on_real_baskets(parts: tuple[Baskets, Baskets], trained: Table) -> None:
    table = trained
    ranker = Ranker(table)

    different = [
        basket
        for basket in trial_baskets(parts, table)
        if ranker.rank(basket, k=10).items != rank_numpy(table, basket, k=10).items
    ]

    assert different == []


def test_confidence_means_what_it_says(parts: tuple[Baskets, Baskets], trained: Table) -> None:
    """Baskets sorted by confidence into ten groups: its mean and the share of hits are close, group by group."""
    table = trained
    ranker, seen = Ranker(table), []
    for basket in trial_baskets(parts, table):
        answer = ranker.rank(basket[:-1], k=10)
        seen.append((answer.confidence, basket[-1] in answer.items))

    seen.sort()
    size = -(-len(seen) // 10)
    groups = [seen[start : start + size] for start in range(0, len(seen), size)]
    errors = [abs(sum(c for c, _ in group) - sum(hit for _, hit in group)) for group in groups]
    assert sum(errors) / len(seen) <= 0.06
    assert sum(hit for _, hit in groups[-1]) > 2 * sum(hit for _, hit in groups[0])


def test_a_table_is_small(trained: Table) -> None:
    assert trained.rows > 3_000
    assert len(trained.to_bytes()) <= 120 * trained.rows
