"""How well a kiosk does, as a few counts since it was enrolled: cumulative, so that a lost report loses nothing.

Whoever counts registers a source; a later source takes the place of an earlier one of the same name.

| count | means |
| --- | --- |
| `hours` | hours in which this kiosk looked at its counts: how long it was on |
| `tried` | checkouts that shoppers began to pay |
| `failed` | those that were refused |
| `starts` | ten minutes in which a server or worker of it was started: each crash is one, and each update |
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from edgeshop.fleet.models import HeldTwin, Tally
from edgeshop.kernel import clock

Counts = dict[str, int]
EVERY = timedelta(hours=1)
START = timedelta(minutes=10)  # all processes of a box start together
TRIED, FAILED, STARTS, HOURS = "tried", "failed", "starts", "hours"
_sources: dict[str, Callable[[], int]] = {}


def health_source(name: str, read: Callable[[], int]) -> None:
    """Say how to read a count. It only rises, but for a disk that was put back."""
    _sources[name] = read


@transaction.atomic
def count_up(name: str, *, once_in: timedelta = timedelta()) -> None:
    """One more, for counts that nobody else keeps; not again `once_in` a time, so that a burst is one event."""
    now = clock.now()
    row, is_first = Tally.objects.select_for_update().get_or_create(pk=name, defaults={"count": 1, "at": now})
    if not is_first and abs(now - row.at) >= once_in:
        Tally.objects.filter(pk=name).update(count=F("count") + 1, at=now)


def tallied(name: str) -> int:
    """How often that was."""
    return Tally.objects.filter(pk=name).values_list("count", flat=True).first() or 0


def look_hourly(held: HeldTwin) -> bool:
    """Read all counts once an hour into the row, which the caller saves; whether it was time."""
    now = clock.now()
    if held.health_at is not None and abs(now - held.health_at) < EVERY:
        return False
    counts = {name: read() for name, read in _sources.items()}
    held.health = counts | {HOURS: held.health.get(HOURS, 0) + 1}
    held.health_at = now
    return True
