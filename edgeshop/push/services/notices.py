"""What is worth telling, found in the database: nothing needs to be remembered between a commit and a notice."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr

from edgeshop.checkout.models import Order, Review
from edgeshop.kernel import clock
from edgeshop.push.models import Notice, Subscription
from edgeshop.push.services.subscribe import ORDER, REVIEWS

_BATCH_MAX = 200
_CONFIRMED = {"en": "Your order is confirmed", "de": "Ihre Bestellung ist bestätigt", "ar": "تم تأكيد طلبك"}
_WAITS = {"en": "An order waits for you", "de": "Eine Bestellung wartet auf Sie", "ar": "طلب بانتظارك"}


def collect_notices() -> int:
    """Make a notice for each subscription whose moment has come; answers how many. Safe to run twice.

    At most eight queries, however many subscriptions, orders and reviews there are.
    """
    return _settled_orders() + _open_reviews()


def _settled_orders() -> int:
    settled = Order.objects.filter(number=OuterRef("number"), delivery="settled")
    waiting = Subscription.objects.filter(topic__startswith=ORDER, ended_at=None)
    numbered = waiting.annotate(number=Substr("topic", len(ORDER) + 1))
    found = list(
        numbered.annotate(receipt_key=Subquery(settled.values("receipt_key")[:1]))
        .filter(receipt_key__isnull=False)
        .order_by("id")[:_BATCH_MAX]
    )
    if not found:
        return 0
    with transaction.atomic():
        Subscription.objects.filter(pk__in=[s.pk for s in found]).update(ended_at=clock.now())
        return _make((s, s.topic, _body(_CONFIRMED, s, s.number, f"/r/{s.receipt_key}")) for s in found)


def _open_reviews() -> int:
    """Tell each listener of the orders of their shop that began to wait after they asked. Newest first: after a day
    of many, the ones that nobody has heard of are what is told."""
    listening = Subscription.objects.filter(topic=REVIEWS, ended_at=None, staff__is_active=True)
    listeners = list(listening.select_related("staff"))
    if not listeners:
        return 0
    newest = Review.objects.filter(decided_at=None).select_related("order__kiosk").order_by("-opened_at", "-pk")
    cases: dict[tuple[str, datetime], list[Review]] = {}
    for review in newest[:_BATCH_MAX]:
        cases.setdefault((review.order.number_id, review.opened_at), []).append(review)
    return _make(_told(listeners, cases))


def _told(
    listeners: list[Subscription], cases: dict[tuple[str, datetime], list[Review]]
) -> Iterator[tuple[Subscription, str, dict[str, Any]]]:
    for (number, opened_at), reviews in cases.items():
        shop_id = reviews[0].order.kiosk.shop_id
        reasons = ", ".join(sorted({str(review.get_reason_display()) for review in reviews}))
        for listener in listeners:
            is_theirs = listener.staff is not None and listener.staff.shop_id in {None, shop_id}
            if is_theirs and listener.created_at <= opened_at:
                body = _body(_WAITS, listener, f"{number}: {reasons}", "/admin/checkout/review/")
                yield listener, f"review:{number}:{int(opened_at.timestamp())}", body


def _body(titles: dict[str, str], listener: Subscription, text: str, url: str) -> dict[str, Any]:
    return {"title": titles.get(listener.language, titles["en"]), "body": text, "url": url}


def _make(wanted: Iterable[tuple[Subscription, str, dict[str, Any]]]) -> int:
    """Write those notices that are not there yet; their key makes them once-only, whoever else is at it."""
    notices = {(to.pk, key): Notice(subscription=to, key=key, body=body) for to, key, body in wanted}
    if not notices:
        return 0
    mine = Notice.objects.filter(subscription__in={pk for pk, _ in notices}, key__in={key for _, key in notices})
    known = set(mine.values_list("subscription_id", "key"))
    fresh = [notice for place, notice in notices.items() if place not in known]
    for notice in fresh:
        notice.made_at = notice.next_at = clock.now()
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
