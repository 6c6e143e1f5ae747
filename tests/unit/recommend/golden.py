"""A small made-up shop with habits worth learning, and the baskets whose ranking every implementation must repeat."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from edgeshop.recommend.services.ranker import rank_numpy
from edgeshop.recommend.services.table import Table
from edgeshop.recommend.services.training import train

DATA = Path(__file__).resolve().parents[2] / "data"
TABLE = DATA / "golden_table.bin"
CASES = DATA / "golden_recommend.json"
TRAINED_AT_S = 1_750_000_000
THEMES, PER_THEME = 25, 12
STAPLES = 6
UNKNOWN = 5  # no product of the shop: ids are 11, 18, 25, ...


def product_id(item: int) -> int:
    """Ids with gaps, so that nobody mistakes an id for an item index."""
    return 11 + 7 * item


def shop() -> tuple[list[list[int]], dict[int, str]]:
    """Baskets oldest first, and texts. A basket walks along one or two themes; the last product of each never sells."""
    random = np.random.default_rng(2)
    baskets = [_walk(random) for _ in range(3_000)]
    texts = {product_id(t * PER_THEME + i): f"thing {i} of theme{t}" for t in range(THEMES) for i in range(PER_THEME)}
    return baskets, texts


def _walk(random: np.random.Generator) -> list[int]:
    basket: list[int] = []
    for theme in random.choice(THEMES, int(random.integers(1, 3)), replace=False):
        place = int(random.integers(0, PER_THEME - 1))
        for _ in range(int(random.integers(2, 9))):
            basket.append(product_id(int(theme) * PER_THEME + place % (PER_THEME - 1)))
            place += int(random.choice([1, 1, 1, 2, 5]))
    if random.random() < 0.4:
        basket.insert(0, product_id(int(random.integers(0, STAPLES)) * PER_THEME))
    return basket


def requests() -> list[tuple[str, list[int], int]]:
    """(name, basket, k): the corners by name, then a stretch of ordinary baskets."""
    random = np.random.default_rng(3)
    theme = [product_id(item) for item in range(PER_THEME)]
    everything = [product_id(item) for item in range(THEMES * PER_THEME)]
    corners = [
        ("empty", [], 10),
        ("one", theme[:1], 10),
        ("one answer", theme[:1], 1),
        ("unknown only", [UNKNOWN, 999_999], 10),
        ("unknown among known", [UNKNOWN, theme[2], 999_999, theme[4], UNKNOWN], 10),
        ("twice, newest place counts", [theme[0], theme[40 % PER_THEME], theme[5], theme[0]], 10),
        ("never sold", [theme[-1]], 10),
        ("window just full", everything[::15][:20], 10),
        ("one more than the window", [*everything[::15][:20], everything[1]], 10),
        ("old lines stay masked", everything[: 2 * PER_THEME + 3], 10),
        ("most of the shop", everything[:280], 30),
        ("all of the shop", everything, 10),
        ("reversed", theme[::-1], 10),
        ("many answers", theme[:3], 100),
    ]
    ordinary = [(f"ordinary {n}", _walk(random), 10) for n in range(46)]
    return corners + ordinary


def write() -> None:
    """Train the table anew and rank every request with the reference. Effect: overwrites both golden files."""
    baskets, texts = shop()
    TABLE.write_bytes(replace(train(baskets, texts, model_version=3), trained_at_s=TRAINED_AT_S).to_bytes())
    table = Table.from_bytes(TABLE.read_bytes())
    cases = []
    for name, basket, k in requests():
        answer = rank_numpy(table, basket, k=k)
        case = {"name": name, "basket": basket, "k": k, "items": answer.items, "scored": answer.scored}
        cases.append(json.dumps({**case, "confidence": round(answer.confidence, 6)}))
    CASES.write_text('{"cases": [\n' + ",\n".join(cases) + "\n]}\n", encoding="utf-8")
