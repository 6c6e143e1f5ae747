"""What a basket costs in one price book, and with it the stock: asked once per order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from edgeshop.catalog.errors import NotPriced, RateMissing
from edgeshop.catalog.models import Product
from edgeshop.catalog.queries import book_shop, prices, rates
from edgeshop.catalog.services.taking import take_stock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.money import Totals, price_basket

QUANTITY_MAX = 100_000  # per line; above it a slip of the keyboard is likelier than a sale


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """One line with its price and tax rate; `is_withdrawn` when the product is not sold any more."""

    product_id: int
    qty: int
    unit_minor: int
    rate_bp: int
    name: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A basket priced in one version. Shapes: lines [n] in the order asked."""

    book: int
    lines: list[QuotedLine]
    totals: Totals
    currency: str


@dataclass(frozen=True, slots=True)
class Sale:
    """A quote whose stock has been taken; `oversold` names products that were not there."""

    quote: Quote
    oversold: list[int]


def quote(book: int, lines: Sequence[tuple[int, int]], *, lang: str = "") -> Quote:
    """Price (product, quantity) lines in a version; names in `lang`, or in the shop's own language.

    Raises: InvalidInput for an odd quantity, NoPriceBook, NotPriced for a product that the version does not sell.
    """
    for product_id, qty in lines:
        if not 1 <= qty <= QUANTITY_MAX:
            raise InvalidInput(f"A line has between 1 and {QUANTITY_MAX} units.", product_id=product_id, qty=qty)
    shop, rate_of = book_shop(book), rates(book)
    ids = {product_id for product_id, _ in lines}
    price_of, products = prices(book, ids), Product.objects.in_bulk(ids)
    quoted: list[QuotedLine] = []
    for product_id, qty in lines:
        if product_id not in price_of or product_id not in products:
            raise NotPriced("This price book does not sell this product.", product_id=product_id, book=book)
        product = products[product_id]
        quoted.append(_line(product, qty, price_of[product_id], rate_of, lang or shop.default_language))
    totals = price_basket([(q.qty, q.unit_minor, q.rate_bp) for q in quoted], inclusive=shop.inclusive)
    return Quote(book, quoted, totals, shop.currency)


def _line(product: Product, qty: int, unit: int, rate_of: dict[str, int], lang: str) -> QuotedLine:
    if product.tax_class not in rate_of:
        raise RateMissing("The tax class of a product has no rate in this price book.", product_id=product.pk)
    return QuotedLine(
        product.pk, qty, unit, rate_of[product.tax_class], product.name(lang), is_withdrawn=not product.is_active
    )


@transaction.atomic
def quote_and_take(
    book: int,
    lines: Sequence[tuple[int, int]],
    *,
    seat_id: UUID | None = None,
    offline: bool = False,
    epoch: int | None = None,
    lang: str = "",
) -> Sale:
    """Price a basket and take its stock on this kiosk, together or not at all.

    Raises: what `quote` raises; StockShort, but never for an `offline` sale, which has happened already.
    Effect: allotments and the seat's shares are taken from.
    """
    quoted = quote(book, lines, lang=lang)
    return Sale(quoted, take_stock(lines, seat_id=seat_id, offline=offline, epoch=epoch))
