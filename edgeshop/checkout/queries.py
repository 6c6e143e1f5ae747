"""What others may ask about orders and numbers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from edgeshop.checkout.enums import Delivery, Handover, NumberState, Payment, Reason
from edgeshop.checkout.errors import ReceiptUnknown
from edgeshop.checkout.models import Number, Order

STATUS_MAX = 50  # numbers per question; a browser holds far fewer unsent orders
_GAPS_MAX = 1000  # shown at once; a longer list has one cause


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a number's order stands here. Everything but the number is None while we do not have the order."""

    number: str
    known: bool
    delivery: str | None = None
    payment: str | None = None
    handover: str | None = None
    review: list[str] | None = None


def standings(numbers: Sequence[str], contents: Mapping[str, str] | None = None) -> list[Standing]:
    """Where each of at most 50 orders stands, in the order asked. Two queries, however many.

    `contents`: by number, the hash of what the asker's order says. Two disks may have given one number to two
    shoppers; each hears of that content only, which may be the one that waits in a review of the other.
    """
    asked = numbers[:STATUS_MAX]
    found = Order.objects.filter(number__in=asked).prefetch_related("reviews")
    orders = {order.number_id: order for order in found}
    said = contents or {}
    return [_standing(number, orders.get(number), said.get(number)) for number in asked]


def _standing(number: str, order: Order | None, content: str | None) -> Standing:
    if order is None:
        return Standing(number, known=False)
    if content not in {None, order.envelope_sha256}:
        return _standing_apart(number, order, content)
    reasons = list(dict.fromkeys(review.reason for review in order.reviews.all() if not review.decision))
    return Standing(number, True, order.delivery, order.payment, order.handover, reasons or None)


def _standing_apart(number: str, order: Order, content: str | None) -> Standing:
    """Other content under a number that is sold: kept in a review here, and ended when a person has decided."""
    kept = [r for r in order.reviews.all() if (r.reason, r.subject) == (Reason.TOKEN_REPLAY, content)]
    if not kept:
        return Standing(number, known=False)
    delivery = Delivery.SETTLED if kept[0].decision else Delivery.COMMITTED
    open_reasons = None if kept[0].decision else [str(Reason.TOKEN_REPLAY)]
    return Standing(number, True, delivery, Payment.DUE, Handover.OPEN, open_reasons)


def receipt_order(key: str) -> Order:
    """The order of a receipt key with its lines, reviews, refunds and shop. Raises: ReceiptUnknown."""
    related = Order.objects.select_related("kiosk__shop", "void").prefetch_related("lines", "reviews", "refunds")
    order = related.filter(receipt_key=key).first()
    if order is None:
        raise ReceiptUnknown("There is no receipt under this key here.")
    return order


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a kiosk's epoch that nobody has told of: they are neither out, nor sold, nor ended."""

    kiosk_id: int
    epoch: int
    seqs: list[int]


def receipt_gaps() -> list[Gap]:
    """Every hole in the receipt numbers known here, at most a thousand numbers per epoch. One query per epoch."""
    tops = Number.objects.order_by().values_list("kiosk_id", "epoch").annotate(top=Max("seq"))
    gaps = []
    for kiosk_id, epoch, top in sorted(tops):
        there = set(Number.objects.filter(kiosk=kiosk_id, epoch=epoch).values_list("seq", flat=True))
        if len(there) < top:
            missing = [seq for seq in range(1, top + 1) if seq not in there][:_GAPS_MAX]
            gaps.append(Gap(kiosk_id, epoch, missing))
    return gaps


@dataclass(frozen=True, slots=True)
class NumberCount:
    """How the receipt numbers known here stand."""

    outstanding: int
    sold: int
    returned: int
    void: int
    expired: int
    unaccounted: int


def number_counts() -> NumberCount:
    """All numbers by state. One query."""
    found = dict(Number.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return NumberCount(**{state: found.get(state, 0) for state in NumberState.values})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order's journey. `tier` is browser, kiosk or cloud; `who` the identity that took it."""

    at: datetime
    tier: str
    what: str
    who: str
    detail: str = ""


def journey(order_id: uuid.UUID) -> list[Step]:
    """An order from its token to the ledger, as far as this node knows, in order of time."""
    related = Order.objects.select_related("number", "void").prefetch_related("reviews", "moves", "refunds")
    order = related.get(pk=order_id)
    steps = [*_placing(order), *_ledger(order), *_people(order)]
    return sorted(steps, key=lambda step: step.at)


def _placing(order: Order) -> list[Step]:
    number, kiosk = order.number, f"kiosk {order.kiosk_id}"
    seat = f"seat {order.seat_id}" if order.seat_id else order.sold_by
    steps = [Step(order.committed_at, "kiosk", "Committed", kiosk, f"journal {order.fact}" if order.fact else "")]
    if order.seat_id:
        how = "on a slip, without the kiosk" if order.is_slip_shown else f"price book {order.book}"
        steps.insert(0, Step(order.placed_at, "browser", "Signed and placed", seat, how))
        steps.insert(0, Step(number.minted_at, "kiosk", "Token minted", kiosk, f"number {number.pk}"))
    else:
        steps.insert(0, Step(order.placed_at, "kiosk", "Sold at the counter", seat, f"price book {order.book}"))
    return steps


def _ledger(order: Order) -> list[Step]:
    steps = []
    if order.acknowledged_at:
        steps.append(Step(order.acknowledged_at, "cloud", "Acknowledged", "cloud"))
    for review in order.reviews.all():
        steps.append(Step(review.opened_at, "cloud", "Review opened", "rules", review.get_reason_display()))
        if review.decided_at:
            decided = f"{review.get_reason_display()}: {review.get_decision_display()}"
            steps.append(Step(review.decided_at, "cloud", "Review decided", review.decided_by, decided))
    if order.settled_at:
        steps.append(Step(order.settled_at, "cloud", "Settled", "cloud"))
    return steps


def _people(order: Order) -> list[Step]:
    steps = [
        Step(m.at, "kiosk", f"{m.field.capitalize()} {m.after}", m.by, f"was {m.before}") for m in order.moves.all()
    ]
    steps += [Step(r.at, "cloud", "Refunded", r.by, f"{r.amount_minor} {order.currency}") for r in order.refunds.all()]
    if hasattr(order, "void"):
        steps.append(Step(order.void.at, "cloud", "Voided", order.void.by, order.void.note))
    return steps
