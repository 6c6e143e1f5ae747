"""Categories and products. The cloud gives their ids, which are never reused; kiosks keep copies.

Rows reach a kiosk in the order they were last changed, so a product may arrive before its category: no foreign key
between them is enforced by the database.
"""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from edgeshop.catalog.enums import StockPolicy


def worded(texts: dict[str, Any], lang: str) -> Any:
    """The entry of a language; failing that English, failing that whichever is there, or None."""
    return texts.get(lang) or texts.get("en") or next(iter(texts.values()), None)


class Category(models.Model):
    """A shelf of the shop. `names` by language code; `position` orders the shelves."""

    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    names = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name()

    def name(self, lang: str = "en") -> str:
        """What the shelf is called in a language, or in the nearest one there is."""
        return str(worded(self.names, lang) or self.slug)


class Product(models.Model):
    """Something the merchant sells. Which shop sells it, and for how much, is said by price books.

    `texts` is {language: {"name", "description", "keywords"}}; `colour` is the picture's main colour, shown until it
    arrives; `changed_at` is when the system it comes from last changed it, in unix seconds, where there is one.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_constraint=False)
    sku = models.CharField("article code", max_length=40, unique=True)
    barcode = models.CharField(max_length=14, blank=True, db_index=True)
    tax_class = models.CharField(max_length=20, default="standard")
    stock_policy = models.CharField(max_length=10, choices=StockPolicy, default=StockPolicy.SHELF)
    image_sha256 = models.CharField(max_length=64, blank=True)
    image_version = models.PositiveIntegerField(default=0)
    texts = models.JSONField(default=dict)
    colour = models.CharField(max_length=7, default="#808080", validators=[RegexValidator(r"^#[0-9a-f]{6}$")])
    is_active = models.BooleanField("is sold", default=True)
    changed_at = models.PositiveBigIntegerField("changed at its source", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["category", "id"], condition=Q(is_active=True), name="product_on_shelf")]
        constraints = [
            models.CheckConstraint(condition=Q(stock_policy__in=StockPolicy.values), name="product_policy_known"),
        ]

    def __str__(self) -> str:
        return self.name()

    def name(self, lang: str = "en") -> str:
        """What the product is called in a language, or in the nearest one there is."""
        return str((worded(self.texts, lang) or {}).get("name") or self.sku)

    def description(self, lang: str = "en") -> str:
        """What is said about it, empty when nothing is."""
        return str((worded(self.texts, lang) or {}).get("description") or "")
