"""What whoever placed an order is told, the first time and every time after."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from edgeshop.checkout.models import Order


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an order stands. `review` holds the reasons that are still open, or None. Units: minor units."""

    number: str
    order_id: uuid.UUID
    delivery: str
    payment: str
    handover: str
    review: list[str] | None
    total_minor: int
    currency: str
    receipt_key: str
    placed_at: datetime


def placed(order: Order) -> Placed:
    """The answer for one order; its reviews are read, from the prefetch when there is one."""
    return Placed(
        number=order.number_id,
        order_id=order.pk,
        delivery=str(order.delivery),
        payment=str(order.payment),
        handover=str(order.handover),
        review=open_reasons(order),
        total_minor=order.total_minor,
        currency=order.currency,
        receipt_key=order.receipt_key,
        placed_at=order.placed_at,
    )


def open_reasons(order: Order) -> list[str] | None:
    """The reasons nobody has decided yet, each once, in the order they were found; None when there are none."""
    return _once(review.reason for review in order.reviews.all() if not review.decision) or None


def _once(reasons: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(reasons))
