"""How much uncleared money is outside, and how much has come home: what the ceilings of a grant are made of."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from edgeshop.checkout.enums import Payment
from edgeshop.checkout.models import ClosedEpoch, Grant, Number, Order
from edgeshop.checkout.services.numbers import OPEN
from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Chain

_HOME = Q(payment=Payment.CLEARED) | Q(void__isnull=False)
JOURNAL = "journal"  # who closed an epoch, when no person had to


def cleared(*, kiosk_id: int, epoch: int) -> tuple[int, int]:
    """Sum and count of an epoch's sales on the grant whose money is certain by now, or that were undone."""
    sales = Order.objects.filter(_HOME, kiosk=kiosk_id, epoch=epoch, is_on_grant=True)
    found = sales.aggregate(total=Sum("total_minor"), count=Count("pk"))
    return found["total"] or 0, found["count"]


def exposure_of_older_epochs(*, kiosk_id: int, epoch: int) -> tuple[int, int]:
    """Sum and count of what earlier epochs still have outside, or may have.

    An epoch that is closed has outside what the ledger knows of: unpaid sales, and numbers that may yet be sold. Of
    one that is not, sales may be lost with a disk: all that its last grant allowed counts as gone. Whoever restores a
    disk that has sold, again and again, wins nothing.
    """
    if epoch <= 1:
        return 0, 0
    known = _known_outside(Q(kiosk=kiosk_id, epoch__lt=epoch))
    unseen_minor = unseen_count = 0
    for grant in _last_grants_unclosed(kiosk_id, epoch):
        back_minor, back_count = cleared(kiosk_id=kiosk_id, epoch=grant.epoch)
        seen_minor, seen_count = _known_outside(Q(kiosk=kiosk_id, epoch=grant.epoch))
        unseen_minor += max(0, grant.sum_ceil_minor - back_minor - seen_minor)
        unseen_count += max(0, grant.count_ceil - back_count - seen_count)
    return known[0] + unseen_minor, known[1] + unseen_count


def _known_outside(which: Q) -> tuple[int, int]:
    sales = Order.objects.filter(which, is_on_grant=True).exclude(_HOME)
    sold = sales.aggregate(total=Sum("total_minor"), count=Count("pk"))
    numbers = Number.objects.filter(which, state__in=OPEN, max_minor__gt=0)
    held = numbers.aggregate(total=Sum("max_minor"), count=Count("pk"))
    return (sold["total"] or 0) + (held["total"] or 0), sold["count"] + held["count"]


def _last_grants_unclosed(kiosk_id: int, epoch: int) -> list[Grant]:
    """The last grant of each older epoch that nobody has closed. Who enrols a box anew vouches for what was before."""
    enrolled_at = Kiosk.objects.values_list("enrolled_at", flat=True).get(pk=kiosk_id)
    grants = Grant.objects.filter(kiosk=kiosk_id, epoch__lt=epoch)
    if enrolled_at is not None:
        grants = grants.filter(issued_at__gte=enrolled_at)
    closed = ClosedEpoch.objects.filter(kiosk=kiosk_id).values("epoch")
    latest = {grant.epoch: grant for grant in grants.exclude(epoch__in=closed).order_by("issued_at", "id")}
    return list(latest.values())


@transaction.atomic
def close_epochs(*, kiosk_id: int, before: int, by: str, at: datetime) -> list[int]:
    """A person has counted: nothing of a kiosk's epochs below `before` is outside but what the ledger knows.

    Answers which epochs that newly closed.
    """
    open_ones = [grant.epoch for grant in _last_grants_unclosed(kiosk_id, before)]
    for epoch in open_ones:
        ClosedEpoch.objects.get_or_create(kiosk_id=kiosk_id, epoch=epoch, defaults={"at": at, "by": by})
    return sorted(open_ones)


def close_if_complete(*, kiosk_id: int, last: list[Any] | None, at: datetime) -> None:
    """Close the epoch of a device's last word when the ledger has every fact up to it: nothing can be lost then.

    Shapes: last [epoch, seq, chain value]. What a restored disk wrote after that comes with its new epoch's facts.
    """
    if not last:
        return
    epoch, seq, head = int(last[0]), int(last[1]), bytes(last[2])
    chain = Chain.objects.filter(device_id=kiosk_id, epoch=epoch).first()
    if chain is not None and (chain.seq, bytes(chain.head)) == (seq, head):
        ClosedEpoch.objects.get_or_create(kiosk_id=kiosk_id, epoch=epoch, defaults={"at": at, "by": JOURNAL})


def open_windows(*, currency: str, at: datetime, but: int | None = None) -> int:
    """What all kiosks of a currency, except one, may let go uncleared at most, by the last grants that are not over."""
    last = Grant.objects.filter(kiosk=OuterRef("pk"), hard_at__gt=at, epoch=OuterRef("epoch")).order_by(
        "-issued_at", "-id"
    )
    kiosks = Kiosk.objects.filter(shop__currency=currency).exclude(pk__in=[] if but is None else [but])
    held = kiosks.annotate(window=Subquery(last.values("window_minor")[:1])).filter(window__isnull=False)
    return held.aggregate(total=Sum(F("window")))["total"] or 0
