"""Changes on the cloud: marked by their owners, numbered in commit order by one sequencer."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from edgeshop.journal.models import SEQUENCER, Change, Stream
from edgeshop.journal.services.digests import note_rows
from edgeshop.kernel import clock

log = logging.getLogger(__name__)
_BATCH_MAX = 20_000  # changes numbered in one transaction: a first import takes a few
_LIVES_SINCE_S = 1_767_225_600  # 2026: so that seconds fit into a column of 31 bits until 2094


def changes(stream: str, *keys: str, fields: Iterable[str] = (), known_to: int | None = None) -> None:
    """Mark rows of a stream as changed, in the transaction that changes them.

    `fields` names what has changed in each of them, when that is not all of it. `known_to` is the life (epoch) of a
    kiosk that knows already: it is told again only if it loses its disk, or once if we lose ours.
    """
    said = " ".join(sorted(fields))
    rows = [Change(stream=stream, key=key, fields=said, known_to=known_to) for key in keys]
    Change.objects.bulk_create(rows, batch_size=1000)


def sequence() -> int:
    """Give every committed change its number; answers how many. One at a time: a row of its own is the lock.

    With nothing to number it only looks, so that a quiet cloud's contacts never wait for each other.
    """
    numbered = 0
    while Change.objects.filter(seq__isnull=True).exists():
        with transaction.atomic():
            numbered += _number_waiting()
    return numbered


def _number_waiting() -> int:
    Stream.objects.get_or_create(name=SEQUENCER)
    sequencer = Stream.objects.select_for_update().get(name=SEQUENCER)
    waiting = list(Change.objects.filter(seq__isnull=True).order_by("id")[:_BATCH_MAX])
    names = {c.stream for c in waiting}
    era = {"epoch": sequencer.epoch, "seq_restored": sequencer.seq_restored}
    for name in names:
        Stream.objects.get_or_create(name=name, defaults=era)
    last = dict(Stream.objects.filter(name__in=names).values_list("name", "seq"))
    for change in waiting:
        last[change.stream] += 1
        change.seq = last[change.stream]
    Change.objects.bulk_update(waiting, ["seq"], batch_size=500)
    for name in names:
        Stream.objects.filter(name=name).update(seq=last[name])
        _note(name, {c.key for c in waiting if c.stream == name})
    return len(waiting)


def _note(name: str, keys: set[str]) -> None:
    """Keep the digests up to date. Trouble with them holds up no change: they are taken anew when they are needed."""
    if not Stream.objects.filter(name=name, is_summed=True).exists():
        return
    try:
        with transaction.atomic():
            note_rows(name, keys)
    except Exception:
        log.exception("the digests of %s could not be kept up to date", name)
        Stream.objects.filter(name=name).update(is_summed=False)


def restart_streams() -> int:
    """After the cloud's database was restored: let every reader compare, or start again from nothing where there is
    nothing to compare; answers how many streams.

    The new epoch is the time, for the same copy may be put back again: the number after its own has been used then.
    The sequencer has it too, for the streams that the copy does not know yet: readers may have been far in those.
    """
    now = max(int(clock.timestamp()) - _LIVES_SINCE_S, 0)
    Stream.objects.get_or_create(name=SEQUENCER)
    epoch = Greatest(F("epoch") + 1, Value(now))
    return Stream.objects.update(epoch=epoch, seq_restored=F("seq"), is_summed=False) - 1
