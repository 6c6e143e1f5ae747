"""Which price book counts, and what it says. `book` is always a published version, numbered over all shops."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, Q, QuerySet

from edgeshop.catalog.enums import BookState
from edgeshop.catalog.errors import NoPriceBook
from edgeshop.catalog.models import Price, PriceBook, Product
from edgeshop.fleet.models import Shop
from edgeshop.journal.services import cursors
from edgeshop.vault.services import shop_now


def current_book(shop_id: int, *, at: datetime | None = None) -> int:
    """The version that counts in a shop at an instant, now by default. Raises: NoPriceBook."""
    published = PriceBook.objects.filter(shop=shop_id, state=BookState.PUBLISHED, valid_from__lte=at or shop_now())
    version = published.order_by("-version").values_list("version", flat=True).first()
    if version is None:
        raise NoPriceBook("No price book has been published for this shop yet.", shop_id=shop_id)
    return version


def book_shop(book: int) -> Shop:
    """The shop whose prices these are. Raises: NoPriceBook."""
    return _book(book).shop


def rates(book: int) -> dict[str, int]:
    """Basis points by tax class. Raises: NoPriceBook."""
    return shop_and_rates(book)[1]


def shop_and_rates(book: int) -> tuple[Shop, dict[str, int]]:
    """The shop whose prices these are, and basis points by tax class, in one query. Raises: NoPriceBook."""
    found = _book(book)
    return found.shop, {str(tax_class): int(rate) for tax_class, rate in found.rates.items()}


def _book(book: int) -> PriceBook:
    found = PriceBook.objects.select_related("shop").filter(version=book).first()
    if found is None:
        raise NoPriceBook("This version of the prices is not known here.", book=book)
    return found


def in_book(book: int, prefix: str = "") -> Q:
    """The condition that a price belongs to a version; `prefix` is the way to the price, such as `prices__`."""
    return (
        Q(**{f"{prefix}shop__in": PriceBook.objects.filter(version=book).values("shop")})
        & Q(**{f"{prefix}from_version__lte": book})
        & (Q(**{f"{prefix}to_version": None}) | Q(**{f"{prefix}to_version__gt": book}))
    )


def prices(book: int, product_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Unit prices in minor units by product, of all products or of some; what the book does not sell is left out."""
    found = Price.objects.filter(in_book(book))
    if product_ids is not None:
        found = found.filter(product__in=list(product_ids))
    return dict(found.values_list("product_id", "unit_minor"))


def priced_products(book: int, shop_id: int, product_ids: Iterable[int]) -> dict[int, tuple[Product, int]]:
    """Products with their unit prices in a shop's book, in one query; what the book does not sell is left out."""
    begun = Price.objects.filter(shop=shop_id, from_version__lte=book, product__in=list(product_ids))
    found = begun.filter(Q(to_version=None) | Q(to_version__gt=book)).select_related("product")
    return {price.product_id: (price.product, price.unit_minor) for price in found}


if TYPE_CHECKING:  # the stubs are not installed in a shop
    from django_stubs_ext import WithAnnotations

    class _Priced(TypedDict):
        unit_minor: int

    Offer = WithAnnotations[Product, _Priced]
else:
    Offer = Product  # with its `unit_minor` in one price book


def sellable_products(book: int) -> QuerySet[Offer]:
    """The products on sale in a version, each with its `unit_minor`, shelf by shelf in order of age."""
    on_sale = Product.objects.filter(in_book(book, "prices__"), is_active=True)
    return on_sale.annotate(unit_minor=F("prices__unit_minor")).order_by("category", "id")


def book_changes(book: int) -> list[tuple[int, int | None, int | None]]:
    """What a published version changed: (product, unit price before, after), in minor units; None means not sold."""
    ended = dict(Price.objects.filter(to_version=book).values_list("product_id", "unit_minor"))
    begun = dict(Price.objects.filter(from_version=book).values_list("product_id", "unit_minor"))
    return [(product_id, ended.get(product_id), begun.get(product_id)) for product_id in sorted(ended.keys() | begun)]


def catalogue_version() -> int:
    """How far the catalogue stream has come here; it rises with every change of a category or product."""
    return cursors().get("catalogue", (1, 0))[1]
