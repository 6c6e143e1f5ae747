"""What a basket costs in one price book, and with it the stock: asked once per order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from edgeshop.catalog.errors import NotPriced, RateMissing
from edgeshop.catalog.queries import priced_products, shop_and_rates
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
    return Pricer(book, {product_id for product_id, _ in lines}).quote(lines, lang=lang)


class Pricer:
    """One version of the prices, read once for any number of baskets of these products. Raises: NoPriceBook."""

    def __init__(self, book: int, product_ids: Collection[int]) -> None:
        self._book = book
        self.shop, self._rates = shop_and_rates(book)
        self._priced = priced_products(book, self.shop.pk, product_ids)

    def quote(self, lines: Sequence[tuple[int, int]], *, lang: str = "") -> Quote:
        """As `quote` above. Raises: InvalidInput, NotPriced."""
        quoted = [self._line(product_id, qty, lang or self.shop.default_language) for product_id, qty in lines]
        totals = price_basket([(q.qty, q.unit_minor, q.rate_bp) for q in quoted], inclusive=self.shop.inclusive)
        return Quote(self._book, quoted, totals, self.shop.currency)

    def _line(self, product_id: int, qty: int, lang: str) -> QuotedLine:
        if not 1 <= qty <= QUANTITY_MAX:
            raise InvalidInput(f"A line has between 1 and {QUANTITY_MAX} units.", product_id=product_id, qty=qty)
        if product_id not in self._priced:
            raise NotPriced("This price book does not sell this product.", product_id=product_id, book=self._book)
        product, unit_minor = self._priced[product_id]
        if product.tax_class not in self._rates:
            raise RateMissing("The tax class of a product has no rate in this price book.", product_id=product_id)
        return QuotedLine(
            product_id=product_id,
            qty=qty,
            unit_minor=unit_minor,
            rate_bp=self._rates[product.tax_class],
            name=product.name(lang),
            is_withdrawn=not product.is_active,
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
