"""Baskets of the past, imported or made for the demo: what recommendations learn from before the shop has its own."""

from django.db import models


class BasketHistory(models.Model):
    """One basket: `product_ids` in the order they were put in. Kept on the cloud only.

    `external_id` names it in the system it came from, so that importing twice changes nothing.
    """

    external_id = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    product_ids = models.JSONField(default=list)

    class Meta:
        verbose_name = "basket of the past"
        verbose_name_plural = "baskets of the past"
        indexes = [models.Index(fields=["at", "id"], name="history_by_time")]

    def __str__(self) -> str:
        return self.external_id
