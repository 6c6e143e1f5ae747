"""Answering with the installed table: one ONNX session per process, exchanged when another table is installed."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from edgeshop.catalog.queries import current_book, prices
from edgeshop.fleet.queries import this_shop_id
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.recommend.services import arrays, likeness, ranker, store
from edgeshop.recommend.services.table import Table

if TYPE_CHECKING:
    from edgeshop.recommend.services.session import Ranker

Source = Literal["kiosk-model", "bestsellers"]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Products that go with a basket, best first.

    Units: confidence 0..1 that the next product is among the ten best, already lowered by the age of the features.
    `model_version` and `features_age_s` are None while no table is installed.
    """

    items: list[int]
    confidence: float
    source: Source
    model_version: int | None
    features_age_s: int | None


@dataclass(frozen=True, slots=True)
class _Loaded:
    mark: store.Mark
    ranker: "Ranker | None"


_loaded: _Loaded | None = None
_loading = threading.Lock()


def recommend(basket: Sequence[int], k: int = 10) -> Recommendation:
    """The k products that go best with a basket of product ids, newest last; ids nobody knows are passed over.

    Best sellers fill up what the table leaves open, and answer alone when it knows nothing of the basket. Without a
    table products on sale answer. Whoever shows the answer looks up what is still on sale.
    """
    model = _ranker()
    if model is None:
        return Recommendation(_on_sale(basket, k), 0.0, "bestsellers", None, None)
    answer = model.rank(basket, k=k)
    age_s = max(0, int(clock.timestamp()) - model.table.trained_at_s)
    source: Source = "kiosk-model" if answer.scored else "bestsellers"
    confidence = round(answer.confidence * ranker.age_factor(age_s), 4)
    return Recommendation(answer.items, confidence, source, model.table.model_version, age_s)


def similar(product_id: int, k: int = 6) -> list[int]:
    """Up to k products that stand where this one does in baskets.

    Where the table finds none, those with the nearest vectors; empty when there are none either.
    """
    model = _ranker()
    alike = likeness.similar(model.table, product_id, k=k) if model else []
    return alike or arrays.nearest(product_id, k=k)


def current_table() -> Table | None:
    """The table that answers here; None while none is installed."""
    model = _ranker()
    return model.table if model else None


def _ranker() -> "Ranker | None":
    """The ranker of the file in use. While another thread loads a new one, the old one goes on answering."""
    global _loaded
    mark, held = store.mark(), _loaded
    if mark is None:
        return None
    if held is not None and held.mark == mark:
        return held.ranker
    old = held.ranker if held else None
    if not _loading.acquire(blocking=old is None):  # without an old one there is nothing to answer with meanwhile
        return old
    try:
        if _loaded is None or _loaded.mark != mark:
            _loaded = _Loaded(mark, _load())
        return _loaded.ranker
    finally:
        _loading.release()


def _load() -> "Ranker | None":
    from edgeshop.recommend.services.session import Ranker  # noqa: PLC0415 -- only a process that ranks pays for it

    table = store.current()
    return None if table is None else Ranker(table)


def _on_sale(basket: Sequence[int], k: int) -> list[int]:
    try:
        sold = prices(current_book(this_shop_id()))
    except EdgeShopError:  # no shop or no prices yet: then there is nothing to offer
        return []
    return [product for product in sorted(sold) if product not in set(basket)][:k]
