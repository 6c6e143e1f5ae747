"""The `orders/<kiosk>` stream: what became of a kiosk's orders and numbers, and what a restored kiosk has lost."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from edgeshop.checkout.enums import Delivery, NumberState
from edgeshop.checkout.models import Number, Order, Review, Transition
from edgeshop.checkout.services.numbers import OPEN
from edgeshop.checkout.services.record import write_order
from edgeshop.checkout.services.sale import Sale, SoldLine, from_body, to_body
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.services import changes
from edgeshop.kernel import clock, events
from edgeshop.kernel.ids import ReceiptNumber

_GIVEN_BACK_FOR = timedelta(days=90)  # longer than any shopper comes back with a slip


def mark_changed(kiosk_id: int, *numbers: str, known_to: int | None = None) -> None:
    """Tell a kiosk, with its next contact, that these have moved; or, of what it knows in this life, its next one."""
    changes(f"orders/{kiosk_id}", *numbers, known_to=known_to)


def collect(stream: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    """On the cloud: the present state of each number and its order; orders of older epochs as a whole.

    Five queries, however many keys.
    """
    kiosk = Kiosk.objects.get(pk=int(stream.partition("/")[2]))
    numbers = Number.objects.filter(pk__in=keys, kiosk=kiosk)
    found = Order.objects.filter(number__in=keys, kiosk=kiosk).prefetch_related("reviews", "lines")
    orders = {order.number_id: order for order in found}
    return [_row(number, orders.get(number.pk), kiosk.epoch) for number in numbers]


def _row(number: Number, order: Order | None, epoch: int) -> dict[str, Any]:
    row: dict[str, Any] = {"key": number.pk, "state": number.state, "why": number.reason}
    if order is None:
        return row
    row |= {
        "delivery": order.delivery,
        "payment": order.payment,
        "handover": order.handover,
        "acknowledged": _s(order.acknowledged_at),
        "settled": _s(order.settled_at),
        "reviews": [_review_row(review) for review in order.reviews.all()],
    }
    if order.epoch < epoch and order.committed_at > clock.now() - _GIVEN_BACK_FOR:
        row["order"] = to_body(sale_of(order), with_names=True)
    return row


def _review_row(review: Review) -> list[Any]:
    decided = _s(review.decided_at)
    return [review.reason, review.subject, _s(review.opened_at), review.decision, review.decided_by, decided]


def _s(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _at(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def sale_of(order: Order) -> Sale:
    """An order as the value it was written from, standing where it stands now."""
    same = {name: getattr(order, name) for name in _SAME}
    return Sale(
        **same,
        number=order.number_id,
        seat_id=str(order.seat_id or ""),
        tax_by_rate={int(rate): minor for rate, minor in order.tax_by_rate.items()},
        lines=tuple(
            SoldLine(li.product_id, li.qty, li.unit_minor, li.rate_bp, li.name, li.discount_minor)
            for li in order.lines.all()
        ),
    )


_SAME = (
    "origin", "sold_by", "book", "tender", "is_on_grant", "is_slip_shown", "currency", "net_minor", "tax_minor",
    "total_minor", "language", "placed_at", "committed_at", "business_day", "receipt_key", "envelope_sha256",
    "payment", "handover",
)  # fmt: skip


@transaction.atomic
def apply(_stream: str, rows: list[dict[str, Any]], _gone: list[str]) -> None:
    """On the kiosk: move its orders forward, mirror what was decided, take back what it has forgotten.

    Numbers and orders never go, so `gone` says nothing here. Late and repeated rows never move an order back.
    """
    names = [row["key"] for row in rows]
    known = Order.objects.filter(number__in=names).prefetch_related("reviews").in_bulk(field_name="number_id")
    numbers = Number.objects.in_bulk(names)
    for row in rows:
        _mirror_number(row, numbers.get(row["key"]))
        order = known.get(row["key"])
        if order is None and "order" in row:
            order = write_order(from_body(row["order"]))
        if order is not None and "delivery" in row:
            _advance(order, row)
            _mirror_reviews(order, row["reviews"])


def settle_acknowledged(bodies: list[dict[str, Any]]) -> None:
    """On the kiosk: what the cloud has taken without a word is settled, and it asks nothing about it; whatever else it
    is comes as a row."""
    now = clock.now()
    named = Order.objects.filter(number__in=[body["number"] for body in bodies])
    for order in named.prefetch_related("reviews"):
        _mirror_reviews(order, [])
        _advance(order, {"delivery": Delivery.SETTLED, "acknowledged": _s(now), "settled": _s(now)})


def _mirror_number(row: dict[str, Any], number: Number | None) -> None:
    """The cloud's word on how a number ended stands, and brings back one that we have forgotten; what we have sold is
    sold: it does not know of that yet."""
    if number is None:
        name, now = ReceiptNumber.parse(row["key"]), clock.now()
        ended = None if row["state"] == "outstanding" else now
        Number.objects.create(
            number=str(name), kiosk_id=name.kiosk, epoch=name.epoch, seq=name.seq, state=row["state"],
            reason=row["why"], minted_at=now, ended_at=ended,
        )  # fmt: skip
    elif row["state"] not in OPEN and number.state not in {row["state"], NumberState.SOLD}:
        Number.objects.filter(pk=number.pk).update(state=row["state"], reason=row["why"], ended_at=clock.now())


def _advance(order: Order, row: dict[str, Any]) -> None:
    """Forward where the cloud is further; never back, whichever row comes first."""
    further = {field: row[field] for field in Transition.FORWARD if field in row}
    moved = [field for field, there in further.items() if is_forward(field, getattr(order, field), there)]
    for field in moved:
        setattr(order, field, row[field])
    order.acknowledged_at = order.acknowledged_at or _at(row["acknowledged"])
    order.settled_at = order.settled_at or _at(row["settled"])
    order.save(update_fields=[*moved, "acknowledged_at", "settled_at"])
    if "delivery" in moved:
        kind = "order.settled" if order.delivery == Delivery.SETTLED else "order.acknowledged"
        number, delivery = order.number_id, order.delivery
        transaction.on_commit(lambda: events.publish(kind, number=number, delivery=delivery))


def is_forward(field: str, before: str, after: str) -> bool:
    """Whether `after` lies beyond `before` on the way of this column."""
    path = Transition.FORWARD[field]
    return after in path and path.index(after) > path.index(before)


def _mirror_reviews(order: Order, rows: Iterable[Sequence[Any]]) -> None:
    """What the cloud asks a person, and what was decided. A cloud put back to an earlier day may not ask any more."""
    asked = set[Review]()
    for reason, subject, opened, decision, decided_by, decided in rows:
        review, _ = Review.objects.get_or_create(
            order=order, reason=reason, subject=subject, defaults={"opened_at": _at(opened) or clock.now()}
        )
        asked.add(review)
        if decision and not review.decision:
            review.decision, review.decided_by, review.decided_at = decision, decided_by, _at(decided) or clock.now()
            review.save(update_fields=["decision", "decided_by", "decided_at"])
    for review in {*order.reviews.all()} - asked:
        if not review.evidence and not review.decision:  # our own questions have evidence, and end by the cloud's word
            review.delete()
