"""The words the catalogue owns."""

from django.db.models import TextChoices


class StockPolicy(TextChoices):
    """What a sale needs: an allotment, the thing in the shopper's hand, a delivery date, or nothing."""

    STRICT = "strict", "strict: only from an allotment"
    SHELF = "shelf", "shelf: what the shopper holds is there"
    BACKORDER = "backorder", "back order: sold now, delivered later"
    UNTRACKED = "untracked", "untracked: never counted"


class BookState(TextChoices):
    """A price book is written as a draft and never changes once it is published."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Availability(TextChoices):
    """What a shopper is told about stock; counts stay with staff."""

    IN_STOCK = "in_stock"
    FEW_LEFT = "few_left"
    ASK_STAFF = "ask_staff"
