"""On the cloud: old marks of changes that newer ones make needless, so that a row which changes all the time does not
make the log grow for ever.

A reader that has not come to the old mark has not come to the newer one either, and that one tells it as much: pages
hold what a row is now, never what it was. Marks differ in which fields have changed and in who is told; one of each
kind stays, and the newest of all always does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Count

from edgeshop.journal.models import Change

_KEYS_MAX = 20_000  # in one run: what is left has its turn in the next
_BATCH = 500


def forget_old_changes() -> int:
    """Delete the marks that newer ones of the same row make needless; answers how many. Safe at any time."""
    return sum(_forget(stream, keys) for stream, keys in _often_changed())


def _often_changed() -> Iterator[tuple[str, list[str]]]:
    numbered = Change.objects.filter(seq__isnull=False).values("stream", "key")
    often = numbered.annotate(times=Count("id")).filter(times__gt=1).order_by("-times")[:_KEYS_MAX]
    keys: dict[str, list[str]] = defaultdict(list)
    for row in often:
        keys[row["stream"]].append(row["key"])
    for stream, found in keys.items():
        for start in range(0, len(found), _BATCH):
            yield stream, found[start : start + _BATCH]


def _forget(stream: str, keys: list[str]) -> int:
    kept: dict[str, list[Change]] = defaultdict(list)
    needless: list[int] = []
    for mark in Change.objects.filter(stream=stream, key__in=keys, seq__isnull=False).order_by("-seq").iterator():
        if _is_told(mark, kept[mark.key]):
            needless.append(mark.pk)
        else:
            kept[mark.key].append(mark)
    for start in range(0, len(needless), _BATCH):
        Change.objects.filter(pk__in=needless[start : start + _BATCH]).delete()
    return len(needless)


def _is_told(old: Change, newer: Iterable[Change]) -> bool:
    """Whether one of the newer marks says all that the old one says, to everybody that it is for."""
    return any(_covers(new, old) for new in newer)


def _covers(new: Change, old: Change) -> bool:
    names, old_names = set(new.fields.split(" ")), set(old.fields.split(" "))
    is_for_all = new.known_to is None or (old.known_to is not None and new.known_to <= old.known_to)
    return is_for_all and ("" in names or old_names <= names)
