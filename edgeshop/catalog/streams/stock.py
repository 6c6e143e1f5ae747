"""The stream `stock/<kiosk>`: what a kiosk may sell without asking, as epoch and product."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from edgeshop.catalog.models import Allotment
from edgeshop.journal.registry import Row, Source


def _collect(stream: str, keys: Sequence[str]) -> list[Row]:
    wanted = {tuple(map(int, key.split("/"))) for key in keys}
    rows = _granted(stream).filter(product__in={p for _, p in wanted})
    return [
        {"key": f"{a.epoch}/{a.product_id}", "granted": a.granted} for a in rows if (a.epoch, a.product_id) in wanted
    ]


def _granted(stream: str) -> QuerySet[Allotment]:
    """What the cloud has allotted: a kiosk that sells more than it was allotted has rows of its own making besides."""
    return Allotment.objects.filter(kiosk=int(stream.partition("/")[2]), granted__gt=0)


def _keys(stream: str) -> list[str]:
    return [f"{epoch}/{product}" for epoch, product in _granted(stream).values_list("epoch", "product_id")]


def _apply(stream: str, rows: list[Row], gone: list[str]) -> None:
    """Granted only rises, and taken is never touched: an old page changes nothing, whatever was sold meanwhile."""
    kiosk_id = int(stream.partition("/")[2])
    for row in rows:
        epoch, product = map(int, row["key"].split("/"))
        place: dict[str, Any] = {"kiosk_id": kiosk_id, "epoch": epoch, "product_id": product}
        Allotment.objects.get_or_create(**place)
        Allotment.objects.filter(**place, granted__lt=row["granted"]).update(granted=row["granted"])
    for epoch, product in (map(int, key.split("/")) for key in gone):
        Allotment.objects.filter(kiosk=kiosk_id, epoch=epoch, product=product, granted=0, taken=0).delete()


def _repair(stream: str, rows: list[Row], gone: list[str]) -> None:
    """What a page may not do: the cloud's word on what was granted counts, though it is less. Taken stays."""
    granted = {row["key"]: row["granted"] for row in rows} | dict.fromkeys(gone, 0)
    for key, units in granted.items():
        epoch, product = map(int, key.split("/"))
        of_key = Allotment.objects.filter(kiosk=int(stream.partition("/")[2]), epoch=epoch, product=product)
        of_key.filter(granted__gt=units).update(granted=units)
    _apply(stream, rows, gone)


STOCK = Source(_collect, _apply, keys=_keys, repair=_repair, values=1)
