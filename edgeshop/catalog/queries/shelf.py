"""What a shopper sees on a shelf: cards, in pages that never split a price book."""

from collections.abc import Iterable
from dataclasses import dataclass

from edgeshop.catalog.enums import Availability
from edgeshop.catalog.models import Category
from edgeshop.catalog.queries.books import Offer, book_shop, sellable_products
from edgeshop.catalog.queries.stock import availability
from edgeshop.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Card:
    """One product as shown. Units: minor units of the shop's currency. `image_sha256` is empty without a picture."""

    product_id: int
    category_id: int
    name: str
    description: str
    price_minor: int
    tax_class: str
    image_sha256: str
    colour: str
    policy: str
    availability: Availability
    barcode: str


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """One page of a shelf, all of one price book. Pages count from 1; an empty shelf has one empty page."""

    items: list[Card]
    page: int
    pages: int
    book: int


@dataclass(frozen=True, slots=True)
class CategoryOut:
    """A shelf and what it is called by language."""

    category_id: int
    slug: str
    names: dict[str, str]


def categories() -> list[CategoryOut]:
    """All shelves in the order they stand."""
    return [CategoryOut(c.pk, c.slug, c.names) for c in Category.objects.order_by("position", "id")]


def cards(book: int, *, product_ids: Iterable[int] | None = None, lang: str = "en") -> list[Card]:
    """Products on sale in a version, all of them or those named, in shelf order. Raises: NoPriceBook."""
    products = sellable_products(book)
    if product_ids is not None:
        products = products.filter(pk__in=list(product_ids))
    return _cards(book, products, lang)


def card(book: int, product_id: int, *, lang: str = "en") -> Card:
    """One product on sale. Raises: NotFound, NoPriceBook."""
    for found in cards(book, product_ids=[product_id], lang=lang):
        return found
    raise NotFound("This product is not on sale here.", product_id=product_id)


def shelf_page(
    book: int, *, category_id: int | None = None, page: int = 1, size: int = 24, lang: str = "en"
) -> ShelfPage:
    """One page of a shelf, or of the whole shop; a page past the end is the last. Raises: NoPriceBook."""
    products = sellable_products(book)
    if category_id is not None:
        products = products.filter(category=category_id)
    pages = max(1, -(-products.count() // size))
    page = min(max(page, 1), pages)
    return ShelfPage(_cards(book, products[(page - 1) * size : page * size], lang), page, pages, book)


def _cards(book: int, products: Iterable[Offer], lang: str) -> list[Card]:
    found = list(products)
    said = availability(book_shop(book).pk, {p.pk: p.stock_policy for p in found})
    return [_card(product, said[product.pk], lang) for product in found]


def _card(product: Offer, said: Availability, lang: str) -> Card:
    return Card(
        product_id=product.pk,
        category_id=product.category_id,
        name=product.name(lang),
        description=product.description(lang),
        price_minor=product.unit_minor,
        tax_class=product.tax_class,
        image_sha256=product.image_sha256,
        colour=product.colour,
        policy=product.stock_policy,
        availability=said,
        barcode=product.barcode,
    )
