"""How well a kiosk does, as a few counts since it was enrolled: cumulative, so that a lost report loses nothing.

Whoever counts registers a source; a later source takes the place of an earlier one of the same name.

| count | means |
| --- | --- |
| `hours` | hours in which this kiosk looked at its counts: how long it was on |
| `tried` | checkouts that shoppers began to pay |
| `failed` | those that were refused |
| `starts` | starts of its servers and workers: each crash is one, and so is each update |
"""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F

from edgeshop.fleet.models import HeldTwin, Tally
from edgeshop.kernel import clock

Counts = dict[str, int]
EVERY = timedelta(hours=1)
TRIED, FAILED, STARTS, HOURS = "tried", "failed", "starts", "hours"
_sources: dict[str, Callable[[], int]] = {}


def health_source(name: str, read: Callable[[], int]) -> None:
    """Say how to read a count. It only rises, but for a disk that was put back."""
    _sources[name] = read


def count_up(name: str) -> None:
    """One more, for counts that nobody else keeps."""
    if not Tally.objects.filter(pk=name).update(count=F("count") + 1):
        Tally.objects.create(pk=name, count=1)


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
