"""On a kiosk: which streams are not as the cloud's. A row stands for each of them until it is mended, so nothing is
forgotten when a contact breaks off; how it is mended is a matter of the contacts.
"""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from edgeshop.journal.models import Repair, Stream
from edgeshop.journal.registry import source_of
from edgeshop.journal.services.digests import digest_of, sum_up
from edgeshop.kernel import clock

log = logging.getLogger(__name__)
EVERY = timedelta(days=1)  # reading all rows takes a second or two on a small box
TRIES_MAX = 3  # each looks at other bits of the digests; what is left then is not an accident


@transaction.atomic
def judge(name: str, *, is_verified: bool = False) -> bool:
    """Whether a stream is as the cloud's. If not it is to be repaired, and a repair that was going on begins anew.

    Without the cloud's word on this very place nothing is known; rows that were looked at are then asked about.
    """
    state = Stream.objects.get(name=name)
    at_its_beginning = {"buckets": 0, "left": [], "is_verified": is_verified}
    if state.told is None and not is_verified:
        Repair.objects.filter(pk=name).update(**at_its_beginning)
        return True
    if state.told is not None and bytes(state.told) == digest_of(state):
        Repair.objects.filter(pk=name).delete()
        return True
    Repair.objects.update_or_create(
        pk=name, defaults=at_its_beginning, create_defaults=at_its_beginning | {"since": clock.now()}
    )
    return False


def verify_streams(*, only_due: bool = False) -> dict[str, int]:
    """Compare all rows with what was noted of them and with the cloud's last word; answers how many rows were not as
    noted, by stream. `only_due`: only those not looked at for a day. Otherwise somebody asks: nothing rests."""
    now, odd = clock.now(), {}
    if not only_due:
        Repair.objects.update(rests_until=None, tries=0)
    for state in Stream.objects.order_by("name"):
        source = source_of(state.name)
        is_due = state.verified_at is None or abs(now - state.verified_at) >= EVERY
        if source is not None and source.keys is not None and (is_due or not only_due):
            odd[state.name] = _verify(state.name)
    return odd


@transaction.atomic
def _verify(name: str) -> int:
    odd = sum_up(name)
    Stream.objects.filter(name=name).update(verified_at=clock.now())
    if odd:
        log.warning("%s rows of %s were not as they had been noted", odd, name)
    judge(name, is_verified=True)
    return odd


def due_repairs(limit: int, *, but: Collection[str] = ()) -> list[Repair]:
    """What is to be asked about in the next contact, its rows looked at: at most `limit` streams, none of `but`. One
    query, when all is well."""
    at_rest = Q(rests_until__gt=clock.now())
    due = Repair.objects.exclude(at_rest).exclude(stream__in=but).order_by("since", "stream")[:limit]
    return [ready for repair in due for ready in _ready(repair)]


def _ready(repair: Repair) -> list[Repair]:
    """The repair with its rows looked at once; nothing if that alone has mended it."""
    if repair.rests_until is not None:
        Repair.objects.filter(pk=repair.pk).update(rests_until=None, tries=0, is_verified=False)
    if not Repair.objects.filter(pk=repair.pk, is_verified=True).exists():
        _verify(repair.pk)
    return list(Repair.objects.filter(pk=repair.pk))


@transaction.atomic
def end_try(name: str) -> bool:
    """All that differed was mended, or nothing was found: whether the stream is as the cloud's now.

    After the last try it rests for a day, and a person is told.
    """
    tries = Repair.objects.values_list("tries", flat=True).get(pk=name) + 1
    if judge(name, is_verified=True):
        return True
    rests_until = clock.now() + EVERY if tries >= TRIES_MAX else None
    Repair.objects.filter(pk=name).update(tries=tries, rests_until=rests_until)
    return False


def diverged() -> list[str]:
    """The streams that repairs have given up on for today: a person must look."""
    return list(Repair.objects.filter(rests_until__gt=clock.now()).values_list("stream", flat=True))
