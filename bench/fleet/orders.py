"""Orders as a kiosk's own services write them: prices, tender, receipt key and the fact are the real code's."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from edgeshop.catalog.services import Pricer
from edgeshop.checkout.enums import Origin, Purpose
from edgeshop.checkout.services.sale import Sale, SoldLine, business_day, content_sha256, to_body
from edgeshop.checkout.services.tenders import tender_named
from edgeshop.fleet.models import Shop
from edgeshop.kernel.ids import ReceiptNumber, receipt_key

_TENDERS, _HOW_OFTEN = ("card", "cash", "invoice"), (6, 3, 1)  # an invoice spends the grant
_QUANTITIES = (1, 1, 1, 2, 3)
_LINES_MAX = 3
_PAID_AFTER_S = 2


@dataclass(frozen=True, slots=True)
class Assortment:
    """What a shop sells by its price book."""

    shop: Shop
    book: int
    products: list[int]
    pricer: Pricer


def sale_of(goods: Assortment, number: ReceiptNumber, seat: str, secret: bytes, at_s: int, rng: random.Random) -> Sale:
    """A sale at a shop's own screen, `at_s` in unix seconds. `secret` [32] is what its receipt keys come from."""
    products = rng.sample(goods.products, rng.randint(1, _LINES_MAX))
    quoted = goods.pricer.quote([(product_id, rng.choice(_QUANTITIES)) for product_id in products])
    lines = tuple(
        SoldLine(line.product_id, line.qty, line.unit_minor, line.rate_bp, line.name, discount)
        for line, discount in zip(quoted.lines, quoted.totals.discounts, strict=True)
    )
    tender, placed_at = rng.choices(_TENDERS, _HOW_OFTEN)[0], datetime.fromtimestamp(at_s, UTC)
    terms = tender_named(tender).terms(purpose=Purpose.SCREEN)
    nameless = Sale(
        number="",
        origin=Origin.SEAT,
        seat_id=seat,
        sold_by="",
        book=goods.book,
        tender=tender,
        is_on_grant=terms.is_on_grant,
        is_slip_shown=False,
        currency=quoted.currency,
        net_minor=quoted.totals.net_minor,
        tax_minor=quoted.totals.tax_minor,
        total_minor=quoted.totals.total_minor,
        tax_by_rate=quoted.totals.tax_by_rate,
        language=goods.shop.default_language,
        placed_at=placed_at,
        committed_at=datetime.fromtimestamp(at_s + _PAID_AFTER_S, UTC),
        business_day=business_day(placed_at, goods.shop.timezone),
        receipt_key="",
        envelope_sha256="",
        payment=terms.payment,
        handover=terms.handover,
        lines=lines,
    )
    return under(nameless, number, secret)


def under(sale: Sale, number: ReceiptNumber, secret: bytes) -> Sale:
    """The sale as it is told under a number."""
    lines = [(line.product_id, line.qty, line.unit_minor) for line in sale.lines]
    content = content_sha256(str(number), sale.book, lines, sale.total_minor, sale.tender, sale.language)
    return replace(sale, number=str(number), receipt_key=receipt_key(secret, str(number)), envelope_sha256=content)


def completed(sale: Sale, epoch: int) -> dict[str, Any]:
    """What the fact of a sale says."""
    return to_body(sale) | {"flags": [], "epoch": epoch}
