"""Numbers that should have ended and have not: how a lost order is noticed even when its browser is gone."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from edgeshop.checkout.enums import Delivery, NumberState
from edgeshop.checkout.models import Number, Order
from edgeshop.checkout.services.ledger import alert_unaccounted
from edgeshop.checkout.services.numbers import OPEN, end_numbers, mark_ended
from edgeshop.checkout.services.outcomes import mark_changed
from edgeshop.fleet.models import Kiosk

_BATCH_MAX = 500
_REASON = "not_reported"
_EVIDENCE_FOR = timedelta(days=30)  # as long as a shopper may come back with a complaint


def sweep_numbers(*, at: datetime) -> list[str]:
    """Mark what is past its time and neither sold nor handed back as unaccounted; answers which. Safe to repeat.

    A kiosk does so for its own numbers and tells the cloud. The cloud does so for numbers of a kiosk's older epochs:
    the disk that knew of them may be gone.
    Effect: the rows, a fact (kiosk), and an alert with the value at risk.
    """
    late = Number.objects.filter(state=NumberState.OUTSTANDING, expires_at__lt=at)
    if settings.EDGESHOP.is_ledger:
        return _sweep(list(late.filter(epoch__lt=F("kiosk__epoch"))[:_BATCH_MAX]), at, tell=False)
    own = Kiosk.objects.filter(is_self=True).values("pk")
    return _sweep(list(late.filter(kiosk__in=own)[:_BATCH_MAX]), at, tell=True)


@transaction.atomic
def _sweep(late: list[Number], at: datetime, *, tell: bool) -> list[str]:
    names = [number.pk for number in late]
    end = end_numbers if tell else mark_ended
    missing = end(numbers=names, state=NumberState.UNACCOUNTED, reason=_REASON, at=at)
    alert_unaccounted(missing)
    return missing


@transaction.atomic
def drop_old_envelopes(*, at: datetime) -> int:
    """Let go of seats' signed orders that have settled a month ago; answers how many. Their hashes stay."""
    old = Order.objects.filter(delivery=Delivery.SETTLED, settled_at__lt=at - _EVIDENCE_FOR).exclude(envelope="")
    undisputed = old.exclude(reviews__decision="").values_list("pk", flat=True)
    return Order.objects.filter(pk__in=list(undisputed[:_BATCH_MAX])).update(envelope="")


@transaction.atomic
def void_numbers(*, numbers: list[str], reason: str, by: str, at: datetime) -> list[str]:
    """A person ends numbers that nobody will sell on any more; answers which were open. What they held is free again.

    Effect: on a kiosk a fact, on the cloud a change on the kiosk's stream.
    """
    if not settings.EDGESHOP.is_ledger:
        return end_numbers(numbers=numbers, state=NumberState.VOID, reason=reason, at=at, by=by)
    kiosk_of = dict(Number.objects.filter(pk__in=numbers, state__in=OPEN).values_list("pk", "kiosk_id"))
    ended = mark_ended(numbers=numbers, state=NumberState.VOID, reason=reason, at=at)
    for name in ended:
        mark_changed(kiosk_of[name], name)
    return ended
