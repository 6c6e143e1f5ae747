"""Pages on a kiosk: taken whole or not at all, and how far it has come with each stream."""

from django.db import transaction

from edgeshop.journal.models import Stream
from edgeshop.journal.registry import source_of
from edgeshop.journal.services.digests import note_rows, sum_up
from edgeshop.journal.services.pages import Page
from edgeshop.journal.services.repairs import judge

_SKIPPED = b"skipped"  # where a digest [8] would stand


@transaction.atomic
def apply_page(received: Page) -> None:
    """Take a page on a kiosk: rows, tombstones and the new cursor stand or fall together. Safe to repeat.

    Of a stream that this release does not know only the place is kept; a release that does begins it anew.
    """
    source = source_of(received.stream)
    if source is not None:
        source.apply(received.stream, received.rows, received.gone)
    told = received.digest if source is not None else _SKIPPED
    place = {"epoch": received.epoch, "seq": received.seq, "told": told}
    state, _ = Stream.objects.update_or_create(name=received.stream, defaults=place)
    if source is not None and source.keys is not None:
        _note_taken(state, received)
        judge(received.stream)


def _note_taken(state: Stream, received: Page) -> None:
    keys = [row["key"] for row in received.rows]
    if not state.is_summed:
        sum_up(state.name)
        keys = []
    note_rows(state.name, [*keys, *received.gone], gone=received.gone)


def cursors() -> dict[str, tuple[int, int]]:
    """How far this kiosk has read each stream. One that an older release has skipped was not read at all."""
    read = (s for s in Stream.objects.all() if bytes(s.told or b"") != _SKIPPED or source_of(s.name) is None)
    return {s.name: (s.epoch, s.seq) for s in read}


def versions() -> dict[str, tuple[int, int, int]]:
    """What has to be another before what was made of a stream's rows is out of date: its place, and its mends."""
    return {s.name: (s.epoch, s.seq, s.mends) for s in Stream.objects.all()}
