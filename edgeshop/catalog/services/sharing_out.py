"""Sharing strict stock out: every kiosk that has run dry gets its part of what is free, without anybody asking."""

from django.db import transaction
from django.db.models import F, QuerySet

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.models import Allotment, Product, StockLevel
from edgeshop.catalog.services.allotments import allot
from edgeshop.fleet.models import Kiosk

_ROWS_MAX = 500  # per run; the beat comes again


def share_out() -> int:
    """Give each enrolled kiosk that holds none of a strict product an even part of the free units; answers how many.

    Units are rounded up, so that the last one is with a kiosk and not with nobody. Safe to run at any time.
    """
    strict = Product.objects.filter(stock_policy=StockPolicy.STRICT, is_active=True)
    free = StockLevel.objects.filter(product__in=strict, free__gt=0).order_by("shop", "product")
    kiosks: dict[int, list[int]] = {}
    for kiosk_id, shop_id in _live().values_list("pk", "shop_id"):
        kiosks.setdefault(shop_id, []).append(kiosk_id)
    return sum(_share_one(level, kiosks.get(level.shop_id, [])) for level in free[:_ROWS_MAX])


def _live() -> QuerySet[Kiosk]:
    return Kiosk.objects.filter(enrolled_at__isnull=False, revoked_at=None).order_by("pk")


@transaction.atomic
def _share_one(level: StockLevel, kiosk_ids: list[int]) -> int:
    held = Allotment.objects.filter(kiosk__in=kiosk_ids, product=level.product_id, epoch=F("kiosk__epoch"))
    supplied = set(held.filter(granted__gt=F("taken")).values_list("kiosk_id", flat=True))
    dry = [kiosk_id for kiosk_id in kiosk_ids if kiosk_id not in supplied]
    given, left = 0, StockLevel.objects.select_for_update().get(pk=level.pk).free
    for place, kiosk_id in enumerate(dry):
        part = min(left, -(-left // (len(dry) - place)))
        if part > 0:
            allot(kiosk_id, level.product_id, part)
            given, left = given + part, left - part
    return given
