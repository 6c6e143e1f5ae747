"""Writing an order down: the same rows on a kiosk that sells, in the cloud that learns, on a kiosk that is restored."""

from collections.abc import Iterable
from datetime import datetime

from edgeshop.checkout.enums import Delivery, NumberState
from edgeshop.checkout.models import Number, Order, OrderLine, Review
from edgeshop.checkout.services.judgement import Flag
from edgeshop.checkout.services.sale import Sale
from edgeshop.kernel.ids import ReceiptNumber


def write_order(
    sale: Sale,
    *,
    delivery: Delivery = Delivery.COMMITTED,
    envelope: str = "",
    fact: str = "",
    at: datetime | None = None,
) -> Order:
    """Keep a sale; its number must be there already. Effect: one Order and its lines. `at`: when the cloud had it."""
    number = ReceiptNumber.parse(sale.number)
    order = Order.objects.create(
        id=number.order_id,
        number_id=sale.number,
        kiosk_id=number.kiosk,
        epoch=number.epoch,
        origin=sale.origin,
        seat_id=sale.seat_id or None,
        sold_by=sale.sold_by,
        book=sale.book,
        tender=sale.tender,
        is_on_grant=sale.is_on_grant,
        is_slip_shown=sale.is_slip_shown,
        currency=sale.currency,
        net_minor=sale.net_minor,
        tax_minor=sale.tax_minor,
        total_minor=sale.total_minor,
        tax_by_rate={str(rate): minor for rate, minor in sale.tax_by_rate.items()},
        language=sale.language,
        placed_at=sale.placed_at,
        committed_at=sale.committed_at,
        acknowledged_at=at if delivery != Delivery.COMMITTED else None,
        settled_at=at if delivery == Delivery.SETTLED else None,
        business_day=sale.business_day,
        receipt_key=sale.receipt_key,
        envelope=envelope,
        envelope_sha256=sale.envelope_sha256,
        fact=fact,
        delivery=delivery,
        payment=sale.payment,
        handover=sale.handover,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            position=place,
            product_id=line.product_id,
            name=line.name[:200] or f"#{line.product_id}",
            qty=line.qty,
            unit_minor=line.unit_minor,
            rate_bp=line.rate_bp,
            discount_minor=line.discount_minor,
        )
        for place, line in enumerate(sale.lines, start=1)
    )
    return order


def spend_number(number: ReceiptNumber, *, at: datetime, minted_at: datetime | None = None) -> None:
    """The number has sold. A number that this side has never met is written down now."""
    spent = Number.objects.filter(pk=str(number)).update(state=NumberState.SOLD, reason="", ended_at=at)
    if not spent:
        Number.objects.create(
            number=str(number),
            kiosk_id=number.kiosk,
            epoch=number.epoch,
            seq=number.seq,
            state=NumberState.SOLD,
            minted_at=minted_at or at,
            ended_at=at,
        )


def open_reviews(order: Order, flags: Iterable[Flag], *, at: datetime) -> list[Review]:
    """Put reasons on the list of what people must look at; answers the new ones. Safe to repeat."""
    opened = []
    for flag in flags:
        review, is_new = Review.objects.get_or_create(
            order=order,
            reason=flag.reason,
            subject=flag.subject,
            defaults={"evidence": flag.evidence, "opened_at": at},
        )
        if is_new:
            opened.append(review)
    return opened
