"""Tries that run out: whoever guesses waits, longer each time, and a pulled plug forgives nobody.

A try is counted before it is looked at, so that many at once are as many tries, and taken back when it was right.
"""

from datetime import datetime, timedelta

from django.db import transaction

from edgeshop.fleet.errors import TooManyTries
from edgeshop.fleet.models import Tries

FREE = 5
_FIRST_WAIT = timedelta(minutes=1)
_WAIT_MAX = timedelta(hours=1)
_BOX = "box"
_BOX_FREE = 30  # wrong ones by anybody in a window: six people who have forgotten theirs at the same time
_BOX_WINDOW = timedelta(minutes=15)


@transaction.atomic
def count_try(subject: str, *, at: datetime) -> None:
    """Take one of the tries that `subject` has. Raises: TooManyTries with the wait; nothing is counted then."""
    mine = _row(subject, at)
    _refuse_waiting(mine, at)
    mine.count += 1
    if mine.count >= FREE:
        mine.waits_until = at + min(_WAIT_MAX, _FIRST_WAIT * 2 ** min(mine.count - FREE, 10))
    mine.save()


@transaction.atomic
def count_box_try(*, at: datetime) -> None:
    """Take one of the tries that this box gives to all people together. Raises: TooManyTries."""
    box = _row(_BOX, at)
    _refuse_waiting(box, at)
    if not timedelta(0) <= at - box.since < _BOX_WINDOW:
        box.count, box.since = 0, at
    box.count += 1
    if box.count >= _BOX_FREE:
        box.waits_until = at + _BOX_WINDOW
    box.save()


@transaction.atomic
def was_right(subject: str, *, at: datetime) -> None:
    """Forget what `subject` got wrong, and give this box its try back."""
    Tries.objects.filter(pk=subject).delete()
    box = _row(_BOX, at)
    box.count, box.waits_until = max(0, box.count - 1), None
    box.save()


def _row(subject: str, at: datetime) -> Tries:
    return Tries.objects.select_for_update().get_or_create(pk=subject, defaults={"since": at})[0]


def _refuse_waiting(tries: Tries, at: datetime) -> None:
    if tries.waits_until is None or tries.waits_until <= at:
        return
    left_s = min(
        tries.waits_until - at, _WAIT_MAX
    ).total_seconds()  # a clock that was set back makes nobody wait longer
    raise TooManyTries(f"Too many wrong tries. Try again in {_in_words(left_s)}.", wait_s=int(left_s) + 1)


def _in_words(left_s: float) -> str:
    minutes = int(left_s // 60) + 1
    return "a minute" if minutes == 1 else f"{minutes} minutes"
