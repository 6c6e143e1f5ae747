"""Stock: on hand = free + Σ (granted - taken) + committed, per shop and product.

Granted and taken only ever rise, the one by the cloud's word and the other by the kiosk's, so that a late answer can
never overwrite a sale.
"""

from django.db import models
from django.db.models import F, Q

from edgeshop.catalog.models.goods import Product
from edgeshop.fleet.models import Kiosk, Shop


class StockLevel(models.Model):
    """What a shop has of a product, as the cloud knows it. Units: pieces.

    `free` belongs to no kiosk, `committed` is sold and still here. Below zero is a discrepancy to be counted, never
    a reason to refuse a sale that has happened.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    on_hand = models.IntegerField(default=0)
    free = models.IntegerField(default=0)
    committed = models.PositiveIntegerField(default=0)
    sold_at = models.DateTimeField("last sold at", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "product"], name="stock_once")]

    def __str__(self) -> str:
        return f"{self.product_id} in shop {self.shop_id}"


class Allotment(models.Model):
    """Stock that one kiosk may sell without asking, in one epoch: what it was granted and what it took.

    What a kiosk hands back counts as taken. Only goods sold from the shelf may be overdrawn. A grant may reach a
    kiosk before the product does, hence no foreign key in the database.
    """

    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False)
    granted = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kiosk", "epoch", "product"], name="allotment_once")]

    def __str__(self) -> str:
        return f"{self.product_id} at kiosk {self.kiosk_id}/{self.epoch}"


class Share(models.Model):
    """The part of this kiosk's allotment of one epoch lent to one seat, so that a browser may sell it while cut off."""

    seat_id = models.UUIDField()
    epoch = models.PositiveIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False)
    granted = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat_id", "epoch", "product"], name="share_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("granted")), name="share_within_granted"),
        ]
        indexes = [
            models.Index(fields=["epoch", "product"], condition=Q(taken__lt=F("granted")), name="share_outstanding")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} lent to {self.seat_id}"


class StockReturn(models.Model):
    """Units that a kiosk handed back, as the cloud has booked them. `id` is the kiosk's: told twice, booked once."""

    id = models.UUIDField(primary_key=True)
    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    lines = models.JSONField(default=list)
    booked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from kiosk {self.kiosk_id}/{self.epoch}"
