"""Reviews: the cloud decides, a kiosk proposes. Deciding never rewrites an order; voids and refunds are rows."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from edgeshop.checkout.enums import Decision, Delivery
from edgeshop.checkout.errors import NotLedger, RefundTooLarge, ReviewClosed
from edgeshop.checkout.models import Order, Refund, Review, Void
from edgeshop.checkout.services.outcomes import mark_changed
from edgeshop.fleet.services.approvals import NOBODY, Second, demand_approval
from edgeshop.journal.services import AuditKind, append, audit

PROPOSED = "checkout.review_proposed.v1"


@transaction.atomic
def decide_review(
    *, review_id: int, decision: Decision, by: str, at: datetime, note: str = "", refund_minor: int = 0
) -> Delivery:
    """On the cloud: end a review. The last one to be decided settles its order; answers where the order stands.

    `accept`: it stands. `correct`: it stands, and `refund_minor` goes back to the shopper. `void`: it does not count.
    Raises: NotLedger on a kiosk, ReviewClosed, RefundTooLarge.
    Effect: the review closed, a Void or Refund row where asked for, the kiosk told on its orders stream.
    """
    if not settings.EDGESHOP.is_ledger:
        raise NotLedger("The cloud decides reviews; propose something instead.")
    review = Review.objects.select_for_update().get(pk=review_id)
    order = Order.objects.select_for_update().get(pk=review.order_id)
    _refuse_decided(review)
    if decision == Decision.VOID:
        Void.objects.get_or_create(order=order, defaults={"at": at, "by": by, "note": note})
    if decision == Decision.CORRECT and refund_minor:
        give_back(order=order, amount_minor=refund_minor, by=by, at=at, note=note)
    review.decision, review.decided_by, review.decided_at, review.note = decision, by, at, note
    review.save(update_fields=["decision", "decided_by", "decided_at", "note"])
    settle_when_clear(order, at=at)
    mark_changed(order.kiosk_id, order.number_id)
    about = {"number": order.number_id, "reason": review.reason, "decision": str(decision)}
    audit(AuditKind.REVIEW_DECIDED, by=by, **about, **({"refund_minor": refund_minor} if refund_minor else {}))
    return Delivery(order.delivery)


def settle_when_clear(order: Order, *, at: datetime) -> None:
    """Move an order into the ledger once nobody has to look at it any more."""
    if order.delivery == Delivery.SETTLED or order.reviews.filter(decision="").exists():
        return
    order.delivery, order.settled_at = Delivery.SETTLED, at
    order.save(update_fields=["delivery", "settled_at"])


@transaction.atomic
def give_back(*, order: Order, amount_minor: int, by: str, at: datetime, note: str = "") -> Refund:
    """Pay back part of an order, or all; never more than was taken. Raises: RefundTooLarge."""
    Order.objects.select_for_update().get(pk=order.pk)
    before = order.refunds.aggregate(n=Sum("amount_minor"))["n"] or 0
    if amount_minor < 1 or before + amount_minor > order.total_minor:
        raise RefundTooLarge(
            "That is more than was taken.", amount_minor=amount_minor, left_minor=order.total_minor - before
        )
    return Refund.objects.create(order=order, amount_minor=amount_minor, at=at, by=by, note=note)


def propose_decision(*, review_id: int, proposal: Decision, by: str, at: datetime, second: Second = NOBODY) -> None:
    """On a kiosk: say what should become of a review. Undoing or correcting one gives money back: that takes a
    manager, or an attendant with a manager as the `second` person.

    Raises: ReviewClosed, ApprovalNeeded and what `demand_approval` raises; nothing is proposed then.
    Effect: the proposal on the review, and the fact `checkout.review_proposed.v1` that brings it to the cloud.
    """
    told: dict[str, Any] = {"proposal": proposal, "by": by, "at": int(at.timestamp())}
    if proposal != Decision.ACCEPT:
        told["approved_by"] = _approval(review_id, proposal, by, second, at)
    _propose(review_id, told)


def _approval(review_id: int, proposal: Decision, by: str, second: Second, at: datetime) -> str:
    review = Review.objects.select_related("order").get(pk=review_id)
    _refuse_decided(review)
    number, reason = review.order.number_id, review.reason
    return demand_approval(f"propose_{proposal}", by=by, second=second, at=at, number=number, reason=reason)


@transaction.atomic
def _propose(review_id: int, told: dict[str, Any]) -> None:
    review = Review.objects.select_for_update().select_related("order").get(pk=review_id)
    _refuse_decided(review)
    review.proposal, review.proposed_by = told["proposal"], told["by"]
    review.save(update_fields=["proposal", "proposed_by"])
    append(PROPOSED, {"number": review.order.number_id, "reason": review.reason, "subject": review.subject} | told)


def _refuse_decided(review: Review) -> None:
    if review.decision:
        raise ReviewClosed("This has been decided.", decision=review.decision, by=review.decided_by)
