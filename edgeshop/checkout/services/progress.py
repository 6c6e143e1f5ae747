"""Money and goods after the sale: paid at the counter, cleared, declined, handed over. Only forward."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from edgeshop.catalog.services import hand_over as hand_over_stock
from edgeshop.checkout.enums import Handover, Payment, Reason
from edgeshop.checkout.models import Move, Order
from edgeshop.checkout.services.judgement import Flag
from edgeshop.checkout.services.outcomes import mark_changed
from edgeshop.checkout.services.record import open_reviews
from edgeshop.journal.services import append

MOVED = "checkout.order_moved.v1"


@transaction.atomic
def move_order(
    *, number: str, by: str, at: datetime, payment: Payment | None = None, handover: Handover | None = None
) -> Order:
    """Note that the money or the goods of an order have come further; what it has reached already changes nothing.

    Raises: IntegrityError for a step back, which the database refuses; Order.DoesNotExist.
    Effect: the columns, a row for the journey, and the fact `checkout.order_moved.v1` (kiosk) or the change (cloud).
    """
    order = Order.objects.select_for_update().get(number=number)
    before = (order.payment, order.handover)
    apply_moves(order, payment=payment or "", handover=handover or "", by=by, at=at)
    if before == (order.payment, order.handover):
        return order
    if settings.EDGESHOP.is_ledger:
        mark_changed(order.kiosk_id, number)
    else:
        told = {"number": number, "payment": payment or "", "handover": handover or ""}
        append(MOVED, told | {"by": by, "at": int(at.timestamp())})
    return order


def apply_moves(order: Order, *, payment: str, handover: str, by: str, at: datetime) -> None:
    """Move the columns on and write each step down; safe to repeat. A declined payment calls for a person."""
    for field, after in (("payment", payment), ("handover", handover)):
        before = getattr(order, field)
        if not after or after == before:
            continue
        setattr(order, field, after)
        order.save(update_fields=[field])
        Move.objects.create(order=order, field=field, before=before, after=after, at=at, by=by)
        if after == Handover.HANDED_OVER and settings.EDGESHOP.is_ledger:
            lines = [(line.product_id, line.qty) for line in order.lines.all()]
            hand_over_stock(shop_id=order.kiosk.shop_id, lines=lines)
        if after == Payment.DECLINED:
            open_reviews(order, [Flag(Reason.PAYMENT_DECLINED, {"tender": order.tender, "by": by})], at=at)
