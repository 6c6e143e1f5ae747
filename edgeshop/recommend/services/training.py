"""From baskets to a table, in seconds and without a framework: closed forms over sparse counts, numpy and scipy only.

Order matters twice: within a basket the newest line comes last, and the baskets come oldest first. What the weights
mean when ranking is the ranker's business; how they are kept in a file the table's.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel import clock
from edgeshop.recommend.errors import NothingToLearn, ShopTooLarge
from edgeshop.recommend.services import calibration, neighbours, rows, words
from edgeshop.recommend.services.agreement import compare
from edgeshop.recommend.services.alignment import aligned
from edgeshop.recommend.services.settling import TOLERANCES, settled_popularity, settled_rows
from edgeshop.recommend.services.table import Table

ITEMS_MAX = 8_000  # a larger shop outgrows a small server: the matrices take some 35 bytes per pair of products
SEEN_MIN = 5  # a product in fewer baskets than this is cold: its text speaks for it
COLD_ROW = np.float32(0.6)  # words when a cold product is in the basket
COLD_COLUMN = np.float32(0.3)  # words that bring a cold product forward; more crowds out what really sells
LINES_MAX = 500  # of one basket; a longer one is a stock list
NEWEST = 0.1  # share of the baskets that calibrates the confidence
HALF_LIFE = 0.1  # best sellers: a sale loses half its weight over this share of the baskets

Progress = Callable[[str], None]
Baskets = Sequence[NDArray[np.int64]]


def train(
    baskets: Iterable[Sequence[int]],
    texts: Mapping[int, str],
    *,
    model_version: int = 1,
    base: Table | None = None,
    progress: Progress = lambda _: None,
) -> Table:
    """Learn a table from baskets of product ids, oldest basket first, newest line last, and from product texts.

    With a `base`, the table before, the new one stays as near to it as it can without ranking worse.
    Every product with a text or in enough baskets gets a row; products are numbered by id, so numbers hold as long as
    products only come. `progress` is called with a phrase before each stage.
    Raises: NothingToLearn, ShopTooLarge.
    """
    progress("reading baskets")
    kept = [list(dict.fromkeys(basket))[:LINES_MAX] for basket in baskets]
    product_ids = _vocabulary(kept, texts)
    items = _as_items(kept, product_ids)
    known = [texts.get(product, "") for product in product_ids.tolist()]
    progress("learning from the older nine tenths")
    older, newest = _split(items)
    rehearsal = _fresh(_matrix(older, known), _sold(older, len(known)), product_ids)
    progress("calibrating the confidence on the newest tenth")
    coefficients = calibration.fit(calibration.replay(rehearsal, newest))
    progress("learning from all baskets")
    matrix, sold = _matrix(items, known), _sold(items, len(known))
    table = replace(_fresh(matrix, sold, product_ids), model_version=model_version, calibration=coefficients)
    if base is not None:
        progress("staying near the table before")
        table = _near(table, matrix, sold, base, newest)
    return table


def _vocabulary(baskets: Sequence[Sequence[int]], texts: Mapping[int, str]) -> NDArray[np.int32]:
    seen = Counter(product for basket in baskets for product in basket)
    chosen = sorted({product for product, count in seen.items() if count >= SEEN_MIN} | texts.keys())
    if not chosen:
        raise NothingToLearn("There are no baskets and no product texts to learn from.", baskets=len(baskets))
    if len(chosen) > ITEMS_MAX:
        raise ShopTooLarge("One table numbers fewer products.", products=len(chosen), products_max=ITEMS_MAX)
    return np.array(chosen, np.int32)


def _as_items(baskets: Sequence[Sequence[int]], product_ids: NDArray[np.int32]) -> Baskets:
    number = {product: item for item, product in enumerate(product_ids.tolist())}
    found = [np.array([number[p] for p in basket if p in number], np.int64) for basket in baskets]
    return [basket for basket in found if len(basket)]


def _split(items: Baskets) -> tuple[Baskets, Baskets]:
    cut = len(items) - int(len(items) * NEWEST)
    return items[:cut], items[cut:]


def _fresh(matrix: neighbours.Matrix, sold: NDArray[np.float64], product_ids: NDArray[np.int32]) -> Table:
    """A table that owes nothing to one before it, of no version and with the prior for its confidence."""
    nid, w8, ws = rows.quantised(matrix)
    return Table(
        model_version=0,
        trained_at_s=int(clock.timestamp()),
        calibration=calibration.PRIOR.astype(np.float32),
        product_ids=product_ids,
        nid=nid,
        w8=w8,
        ws=ws,
        popularity=np.argsort(-sold, kind="stable").astype(np.uint16),
    )


def _near(fresh: Table, matrix: neighbours.Matrix, sold: NDArray[np.float64], base: Table, baskets: Baskets) -> Table:
    """The table nearest to the base that ranks as well as the fresh one; else the fresh one."""
    old = aligned(base, fresh.product_ids)
    popularity = settled_popularity(sold, old)
    for tolerance in TOLERANCES if old.nid.shape == fresh.nid.shape else ():
        nid, w8, ws = settled_rows(matrix, old, tolerance)
        settled = replace(fresh, nid=nid, w8=w8, ws=ws, popularity=popularity)
        if compare(fresh, settled, baskets).passes:
            return settled
    return fresh


def _matrix(items: Baskets, texts: Sequence[str]) -> NDArray[np.float32]:
    """Fused neighbours of the products that sell; rows and columns of cold ones by their words."""
    counts = np.bincount(np.concatenate([np.zeros(0, np.int64), *items]), minlength=len(texts))
    warm, cold = np.flatnonzero(counts >= SEEN_MIN), np.flatnonzero(counts < SEEN_MIN)
    number = np.full(len(texts), -1)
    number[warm] = np.arange(len(warm))
    matrix = np.zeros((len(texts), len(texts)), np.float32)
    if len(warm):
        selling = [number[basket][number[basket] >= 0] for basket in items]
        matrix[np.ix_(warm, warm)] = neighbours.fused(selling, items=len(warm))
    if len(cold):
        alike = words.similarity(texts, cold)
        matrix[cold] = COLD_ROW * alike
        matrix[np.ix_(warm, cold)] = COLD_COLUMN * alike[:, warm].T
    return matrix


def _sold(items: Baskets, rows_: int) -> NDArray[np.float64]:
    """Sales by item index, recent ones counting more. Shapes: the answer is [V]."""
    age = np.arange(len(items) - 1, -1, -1) / max(len(items) * HALF_LIFE, 1)
    weight = np.repeat(0.5**age, [len(basket) for basket in items])
    sold = np.bincount(np.concatenate([np.zeros(0, np.int64), *items]), weight, minlength=rows_)
    return sold.astype(np.float64)
