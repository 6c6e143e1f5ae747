"""Selling at the counter: an attendant's basket, a number from the same allocator, no token."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from edgeshop.catalog.errors import NotPriced
from edgeshop.catalog.errors import StockShort as ShelfShort
from edgeshop.catalog.queries import current_book
from edgeshop.catalog.services import Quote, quote_and_take
from edgeshop.checkout.enums import NumberState, Origin
from edgeshop.checkout.errors import LimitExceeded, StockShort
from edgeshop.checkout.models import Allocator, Number
from edgeshop.checkout.services.numbers import draw, lock_allocator, new_receipt_key
from edgeshop.checkout.services.orders import commit_sale
from edgeshop.checkout.services.replies import Placed, placed
from edgeshop.checkout.services.room import room
from edgeshop.checkout.services.sale import Sale, SoldLine, business_day, content_sha256
from edgeshop.checkout.services.tenders import Terms, tender_named
from edgeshop.fleet.errors import ApprovalNeeded
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services.approvals import NOBODY, Second, demand_approval
from edgeshop.kernel.ids import ReceiptNumber

_INVOICE = "invoice_above_limit"
Lines = Sequence[tuple[int, int]]


def sell_at_counter(
    *,
    lines: Lines,
    tender: str,
    staff: str,
    at: datetime,
    origin: Origin = Origin.COUNTER,
    second: Second = NOBODY,
) -> Placed:
    """Sell (product, quantity) lines at today's prices. The number exists only if the sale does: no gap.

    An attendant's invoice above `checkout.invoice_alone_max` takes a `second` person; nobody goes beyond the grant.
    Raises: StockShort, TenderRefused, LimitExceeded for an invoice beyond the grant, EpochStale, ApprovalNeeded and
    what `demand_approval` raises; nothing is sold then.
    Effect: one Order, stock taken, its number drawn and sold, and the fact `checkout.order_completed.v1`.
    """
    alone_minor = settings.EDGESHOP.checkout.invoice_alone_max * 10 ** this_kiosk().shop.exponent
    try:
        return _sell(lines, tender, staff, at, origin, owed_max_minor=alone_minor)
    except ApprovalNeeded as needed:
        total_minor: int = needed.fields["total_minor"]
    demand_approval(_INVOICE, by=staff, second=second, at=at, total_minor=total_minor)
    return _sell(lines, tender, staff, at, origin, owed_max_minor=total_minor)


@transaction.atomic
def _sell(lines: Lines, tender: str, staff: str, at: datetime, origin: Origin, *, owed_max_minor: int) -> Placed:
    kiosk, at = this_kiosk(), at.replace(microsecond=0)
    terms = tender_named(tender).terms(purpose=None)
    allocator = lock_allocator(kiosk=kiosk)
    number = draw(kiosk=kiosk, allocator=allocator, count=1)[0]
    quoted = _quote_and_take(kiosk, lines)
    total_minor = quoted.totals.total_minor
    if terms.is_on_grant:
        _refuse_beyond_grant(kiosk, allocator, total_minor)
        if total_minor > owed_max_minor:
            raise ApprovalNeeded("This invoice takes a manager.", action=_INVOICE, total_minor=total_minor)
    _write_number(number, at)
    sale = _sale(number, quoted, terms, tender, staff, kiosk, at, origin)
    return placed(commit_sale(sale, flags=[], envelope="", kiosk=kiosk))


def _quote_and_take(kiosk: Kiosk, lines: Lines) -> Quote:
    try:
        return quote_and_take(current_book(kiosk.shop_id), lines).quote
    except NotPriced as gone:
        raise StockShort("This is not sold any more.", product_id=gone.fields["product_id"], available=0) from gone
    except ShelfShort as short:
        found = {name: short.fields[name] for name in ("product_id", "available")}
        raise StockShort("Fewer are left.", **found) from short


def _refuse_beyond_grant(kiosk: Kiosk, allocator: Allocator, total_minor: int) -> None:
    left = room(kiosk=kiosk, allocator=allocator)
    limit = min(left.sum_minor, left.order_max_minor) if left.count else 0
    if total_minor > limit:
        raise LimitExceeded("This is more than may leave unpaid.", total_minor=total_minor, limit_minor=limit)


def _write_number(number: ReceiptNumber, at: datetime) -> None:
    Number.objects.create(
        number=str(number),
        kiosk_id=number.kiosk,
        epoch=number.epoch,
        seq=number.seq,
        state=NumberState.SOLD,
        minted_at=at,
        ended_at=at,
    )


def _sale(
    number: ReceiptNumber,
    quoted: Quote,
    terms: Terms,
    tender: str,
    staff: str,
    kiosk: Kiosk,
    at: datetime,
    origin: Origin,
) -> Sale:
    lines = tuple(
        SoldLine(line.product_id, line.qty, line.unit_minor, line.rate_bp, line.name, discount)
        for line, discount in zip(quoted.lines, quoted.totals.discounts, strict=True)
    )
    sold = [(li.product_id, li.qty, li.unit_minor) for li in lines]
    language = kiosk.shop.default_language
    return Sale(
        number=str(number),
        origin=origin,
        seat_id="",
        sold_by=staff,
        book=quoted.book,
        tender=tender,
        is_on_grant=terms.is_on_grant,
        is_slip_shown=False,
        currency=quoted.currency,
        net_minor=quoted.totals.net_minor,
        tax_minor=quoted.totals.tax_minor,
        total_minor=quoted.totals.total_minor,
        tax_by_rate=quoted.totals.tax_by_rate,
        language=language,
        placed_at=at,
        committed_at=at,
        business_day=business_day(at, kiosk.shop.timezone),
        receipt_key=new_receipt_key(kiosk=kiosk, number=str(number)),
        envelope_sha256=content_sha256(str(number), quoted.book, sold, quoted.totals.total_minor, tender, language),
        payment=terms.payment,
        handover=terms.handover,
        lines=lines,
    )
