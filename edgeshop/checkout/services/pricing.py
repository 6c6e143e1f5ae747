"""What an order costs, by the book it names, and whether that is what it should have cost.

The price a shopper was shown is the price charged. A kiosk that can still say "the price has changed" does; once a
slip is out, a difference is at most a reason to look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from edgeshop.catalog.errors import NoPriceBook, NotPriced, RateMissing
from edgeshop.catalog.queries import current_book
from edgeshop.catalog.services import Pricer, Quote, quote
from edgeshop.checkout.enums import Reason
from edgeshop.checkout.errors import PriceChanged, StockShort
from edgeshop.checkout.services.judgement import Flag
from edgeshop.checkout.services.sale import SoldLine
from edgeshop.fleet.models import Shop
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.money import price_basket


@dataclass(frozen=True, slots=True)
class Offer:
    """What the shopper was shown. Shapes: lines [n] of (product, quantity, unit price)."""

    book: int
    lines: tuple[tuple[int, int, int], ...]
    total_minor: int
    placed_at: datetime
    language: str = ""

    @property
    def basket(self) -> list[tuple[int, int]]:
        """The lines without their prices."""
        return [(product_id, qty) for product_id, qty, _ in self.lines]


@dataclass(frozen=True, slots=True)
class Priced:
    """What is charged. Shapes: lines [n]. Units: minor units of `currency`."""

    book: int
    lines: tuple[SoldLine, ...]
    net_minor: int
    tax_minor: int
    total_minor: int
    tax_by_rate: dict[int, int]
    currency: str


def confirm(offer: Offer, *, shop: Shop) -> Priced:
    """The offer at today's prices, while the shopper can still be asked.

    Raises: PriceChanged with the new total; StockShort for a product that is not sold any more; NoPriceBook.
    """
    book = current_book(shop.pk)
    try:
        now = quote(book, offer.basket, lang=offer.language)
    except NotPriced as gone:
        raise _withdrawn(gone.fields["product_id"]) from gone
    for line in now.lines:
        if line.is_withdrawn:
            raise _withdrawn(line.product_id)
    if not _agrees(now, offer):
        raise PriceChanged("The price has changed.", total_minor=now.totals.total_minor, book=book)
    return _priced(now)


def _withdrawn(product_id: int) -> StockShort:
    return StockShort("This product is not sold any more.", product_id=product_id, available=0)


def assess(offer: Offer, *, shop: Shop) -> tuple[Priced, list[Flag]]:
    """The offer as shown, and the reasons to look at it: how it differs from its own book and from the day's."""
    named, problem = _try(offer.book, offer, shop)
    if named is None:
        return _by_claim(offer, shop), [problem] if problem else []
    flags = _withdrawals(named)
    flags += _drift(named, offer, shop)
    if _agrees(named, offer):
        return _priced(named), flags
    shown = {"unit_minor": [unit for _, _, unit in offer.lines], "total_minor": offer.total_minor}
    book = {"unit_minor": [li.unit_minor for li in named.lines], "total_minor": named.totals.total_minor}
    return _by_claim(offer, shop), [*flags, Flag(Reason.ENVELOPE_MISMATCH, {"sold_as": shown, "book": book})]


def _try(book: int, offer: Offer, shop: Shop) -> tuple[Quote | None, Flag | None]:
    try:
        pricer = Pricer(book, {product_id for product_id, _ in offer.basket})
        if pricer.shop.pk != shop.pk:
            return None, Flag(Reason.PRICE_DRIFT, {"book": book, "problem": "checkout.book_of_another_shop"})
        return pricer.quote(offer.basket, lang=offer.language), None
    except NotPriced as gone:
        return None, Flag(Reason.PRODUCT_WITHDRAWN, {"products": [gone.fields["product_id"]], "book": book})
    except (NoPriceBook, RateMissing) as missing:
        return None, Flag(Reason.PRICE_DRIFT, {"book": book, "problem": missing.code})


def _agrees(quoted: Quote, offer: Offer) -> bool:
    units = [line.unit_minor for line in quoted.lines]
    return quoted.totals.total_minor == offer.total_minor and units == [unit for _, _, unit in offer.lines]


def _withdrawals(named: Quote) -> list[Flag]:
    gone = sorted({line.product_id for line in named.lines if line.is_withdrawn})
    return [Flag(Reason.PRODUCT_WITHDRAWN, {"products": gone})] if gone else []


def _drift(named: Quote, offer: Offer, shop: Shop) -> list[Flag]:
    """Against the book that counted when the order was placed: far off or long superseded, or taxed otherwise."""
    due = _book_at(shop.pk, offer.placed_at)
    if due is None or due == offer.book:
        return []
    today, _ = _try(due, offer, shop)
    if today is None:
        return []
    flags = []
    if [li.rate_bp for li in today.lines] != [li.rate_bp for li in named.lines]:
        flags.append(Flag(Reason.TAX_CHANGED, {"sold_as": [li.rate_bp for li in named.lines], "now": due}))
    sold, now = offer.total_minor, today.totals.total_minor
    knobs = settings.EDGESHOP.checkout
    known = _book_at(shop.pk, offer.placed_at - timedelta(hours=knobs.drift_hours_max))
    is_old = known is not None and known > offer.book
    if sold != now and (is_old or abs(now - sold) * 100 > now * knobs.drift_pct_max):
        evidence = {"sold_as": sold, "now": now, "book": offer.book, "book_now": due}
        flags.append(Flag(Reason.PRICE_DRIFT, evidence))
    return flags


def _book_at(shop_id: int, at: datetime) -> int | None:
    try:
        return current_book(shop_id, at=at)
    except NoPriceBook:
        return None


def _priced(quoted: Quote) -> Priced:
    totals = quoted.totals
    lines = tuple(
        SoldLine(line.product_id, line.qty, line.unit_minor, line.rate_bp, line.name, discount)
        for line, discount in zip(quoted.lines, totals.discounts, strict=True)
    )
    return Priced(
        quoted.book, lines, totals.net_minor, totals.tax_minor, totals.total_minor, totals.tax_by_rate, quoted.currency
    )


def _by_claim(offer: Offer, shop: Shop) -> Priced:
    """Charged as shown; names and tax rates from the catalogue where it knows the product, line by line."""
    lines = tuple(_claimed_line(offer, shop, *line) for line in offer.lines)
    totals = price_basket([(li.qty, li.unit_minor, li.rate_bp) for li in lines], inclusive=shop.inclusive)
    net = offer.total_minor - totals.tax_minor
    return Priced(offer.book, lines, net, totals.tax_minor, offer.total_minor, totals.tax_by_rate, shop.currency)


def _claimed_line(offer: Offer, shop: Shop, product_id: int, qty: int, unit_minor: int) -> SoldLine:
    for book in (offer.book, _book_at(shop.pk, offer.placed_at)):
        try:
            found = quote(book or offer.book, [(product_id, qty)], lang=offer.language).lines[0]
        except EdgeShopError:
            continue
        return SoldLine(product_id, qty, unit_minor, found.rate_bp, found.name)
    return SoldLine(product_id, qty, unit_minor, 0, f"#{product_id}")
