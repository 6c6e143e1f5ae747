"""Price books: immutable numbered versions of all prices and tax rates of a shop.

A price is an interval of versions, so a book of 4,000 products that changes 3 prices adds 3 rows. Triggers (migration
0002) refuse whatever would change the meaning of a published version.
"""

from django.db import models
from django.db.models import F, Q

from edgeshop.catalog.enums import BookState
from edgeshop.catalog.models.goods import Product
from edgeshop.fleet.models import Shop


class PriceBook(models.Model):
    """One version of a shop's prices. `version` is numbered over all shops at publication; a draft has none.

    `rates` maps each tax class to basis points. The book counts from `valid_from` until the next one does. On a kiosk
    that was away, `skipped` [16] are the digests of the versions that this one was told instead of.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(null=True, blank=True, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=BookState, default=BookState.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    valid_from = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as it is published.")
    rates = models.JSONField(
        default=dict, blank=True, help_text="Basis points by tax class. Empty: those of the newest book."
    )
    note = models.CharField(max_length=200, blank=True)
    skipped = models.BinaryField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["shop", "-version"], name="book_by_shop")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=BookState.DRAFT, version=None)
                | Q(
                    state=BookState.PUBLISHED,
                    version__isnull=False,
                    published_at__isnull=False,
                    valid_from__isnull=False,
                ),
                name="book_numbered_when_published",
            )
        ]

    def __str__(self) -> str:
        return f"book {self.version}" if self.version else f"draft {self.pk}"


class DraftPrice(models.Model):
    """A price that a draft sets; without `unit_minor` the shop stops selling the product."""

    book = models.ForeignKey(PriceBook, models.CASCADE, related_name="entries")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    unit_minor = models.PositiveBigIntegerField("price in minor units", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "product"], name="draft_price_once")]

    def __str__(self) -> str:
        return f"{self.book}: {self.product_id}"


class Price(models.Model):
    """What a product costs in a shop in the versions `from_version` <= v < `to_version`; open while nothing follows.

    Prices may reach a kiosk before their product does, hence no foreign key in the database.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices", db_constraint=False)
    from_version = models.PositiveIntegerField()
    to_version = models.PositiveIntegerField(null=True)
    unit_minor = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["from_version"], name="price_by_from"),
            models.Index(fields=["to_version"], name="price_by_to"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["product", "shop", "from_version"], name="price_once_per_version"),
            models.UniqueConstraint(fields=["product", "shop"], condition=Q(to_version=None), name="price_one_open"),
            models.CheckConstraint(
                condition=Q(to_version=None) | Q(to_version__gt=F("from_version")), name="price_interval_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.unit_minor} from {self.from_version}"
