"""Baskets of the past: written by imports and the demo, read by training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from edgeshop.catalog.models import BasketHistory

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class PastBasket:
    """Shapes: product_ids [n] in the order they were put in."""

    external_id: str
    at: datetime
    product_ids: list[int]


@transaction.atomic
def save_baskets(baskets: Sequence[PastBasket]) -> int:
    """Keep baskets of the past; answers how many were new. One that is known by its external id is written over."""
    before = BasketHistory.objects.count()
    rows = [BasketHistory(external_id=b.external_id, at=b.at, product_ids=b.product_ids) for b in baskets]
    BasketHistory.objects.bulk_create(
        rows, _BATCH, update_conflicts=True, unique_fields=["external_id"], update_fields=["at", "product_ids"]
    )
    return BasketHistory.objects.count() - before
