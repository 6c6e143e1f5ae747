"""Pages: what has changed in a stream since a reader's place, as the last value of each key."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from edgeshop.journal.models import Change, Stream
from edgeshop.journal.registry import EVERYBODY, Row, Source, source_of
from edgeshop.journal.services.digests import digest_of

_EVERYTHING = 2**31
_ROW_VALUES = 8  # what a row counts for a reader's limit; one that brings less counts by its values
_KEYS_MAX = 16_000  # looked at for one page, however little each of them brings: databases bound their questions
_SKIPPED_MAX = 1000  # a lost disk has at most so much to be told again that it knew


@dataclass(frozen=True, slots=True)
class Page:
    """The last values of what changed in a stream up to `seq`; `gone` are keys that have no value any more.

    A row has its key and the fields that have changed; `size` is how many whole rows all of them come to. `digest` [8]
    is that of the whole stream as its reader is given it, where the page reaches its end and digests are kept.
    """

    stream: str
    epoch: int
    seq: int
    rows: list[Row]
    gone: list[str]
    more: bool
    digest: bytes | None = None
    size: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class _Picked:
    """The keys of a page, oldest mark first, and what has changed of each; `seq` is how far it brings its reader."""

    keys: list[str]
    changed: Mapping[str, set[str]]
    seq: int
    more: bool
    size: int


def streams_named(names: Iterable[str]) -> dict[str, Stream]:
    """How far these streams have come, for many pages at once; one that never had a change is left out."""
    return {state.name: state for state in Stream.objects.filter(name__in=list(names))}


def page(
    *,
    stream: str,
    epoch: int,
    seq: int,
    limit: int,
    life: int = 0,
    audience: int | None = None,
    states: Mapping[str, Stream] | None = None,
    since: Callable[[], datetime | None] = lambda: None,
) -> Page | None:
    """What a reader at (epoch, seq) needs next of a stream; None when it has everything or nobody owns the stream.

    A reader of another epoch, or one that has read further than we have come (we were restored), is told our digest
    and place, so that it finds what differs; it starts again from nothing where no digests are kept, or if it has
    none. Values are read now, so a page never carries an old one. What a reader of this `life` knows is left out;
    after much of that an empty page moves its cursor. What is for others than its `audience` is gone to it; without
    one it is given all. Who has read nothing yet (epoch 0) has nothing that could be gone. `states`: what
    `streams_named` has found. `since` answers when the reader's life had begun, if anybody knows: some of what was
    changed after that it need not know.

    Units: `limit` in whole rows of eight values; a row that brings only what has changed counts by that.
    """
    source, state = source_of(stream), (streams_named([stream]) if states is None else states).get(stream)
    if source is None or state is None:
        return None
    is_lost = epoch != state.epoch or seq > state.seq
    if is_lost and epoch and source.keys is not None:
        return Page(stream, state.epoch, state.seq, [], [], False, digest_of(state, audience))
    start = 0 if is_lost else seq
    if start == state.seq:
        return None
    if is_lost:
        _tell_again(state)
    picked = _pick(_news(state, start, life), state, source, limit)
    if not picked.keys and state.seq - start < _SKIPPED_MAX:
        return None
    rows = _rows_for(audience, source, stream, picked.keys)
    gone = sorted(set(picked.keys) - {row["key"] for row in rows}) if epoch else []
    told = [_only(row, picked.changed[row["key"]]) for row in _collapsed(rows, source, since)]
    digest = None if picked.more or source.keys is None else digest_of(state, audience)
    return Page(stream, state.epoch, picked.seq, told, gone, picked.more, digest, picked.size)


def _tell_again(state: Stream) -> None:
    """A reader from before we were restored may not know what we have learnt since then, though its life should: a
    copy of its disk has told us, and this one thinks that we have known it all along."""
    if state.seq_restored is not None:
        learnt = Change.objects.filter(stream=state.name, seq__gt=state.seq_restored)
        learnt.exclude(known_to=None).update(known_to=None)


def _news(state: Stream, start: int, life: int) -> QuerySet[Change]:
    """The marks above `start` that a reader of this life does not know of."""
    is_news = Q(known_to=None) | Q(known_to__lt=life)
    return Change.objects.filter(is_news, stream=state.name, seq__gt=start, seq__lte=state.seq)


def _pick(after: QuerySet[Change], state: Stream, source: Source, limit: int) -> _Picked:
    """As many keys as fit. Effect: where more wait, their marks say what those that are passed have said."""
    keys_max = min(limit * _ROW_VALUES, max(limit, _KEYS_MAX))
    found = _latest(after, keys_max + 1)
    changed = _changed_fields(after.filter(key__in=[key for key, _ in found]))
    fitting, size = _fitting([key for key, _ in found[:keys_max]], changed, source.values, limit * _ROW_VALUES)
    more, found = fitting < len(found), found[:fitting]
    seq = found[-1][1] if more else state.seq
    if more:
        _carry_over(after, seq)
    return _Picked([key for key, _ in found], changed, seq, more, size)


def _latest(after: QuerySet[Change], count: int) -> list[tuple[str, int]]:
    """Keys with the number of their last mark, in its order."""
    latest = after.values("key").annotate(last=Max("seq")).order_by("last")[:count]
    return [(row["key"], row["last"]) for row in latest]


def _rows_for(audience: int | None, source: Source, stream: str, keys: list[str]) -> list[Row]:
    """The values of these keys that are for this audience, or for everybody; all of them for None."""
    here = {EVERYBODY, audience}
    return [row for row in source.collect(stream, keys) if audience is None or source.audience(row) in here]


def _collapsed(rows: list[Row], source: Source, since: Callable[[], datetime | None]) -> list[Row]:
    """Fewer rows where one can stand for others."""
    return source.collapse(rows, since()) if source.collapse is not None and len(rows) > 1 else rows


def _fitting(keys: list[str], changed: Mapping[str, set[str]], values_whole: int, values_max: int) -> tuple[int, int]:
    """How many of these fit, one at least, and how many whole rows they come to."""
    left = values_max
    for place, key in enumerate(keys):
        left -= values_whole if "" in changed[key] else min(values_whole, len(changed[key]))
        if left < 0:
            return max(place, 1), values_max // _ROW_VALUES
    return len(keys), -(-(values_max - left) // _ROW_VALUES)


def _carry_over(after: QuerySet[Change], cut: int) -> None:
    """A reader that goes on from `cut` has passed marks of rows that come to it later, by a newer mark: that one says
    from now on what they said, too."""
    newest = {mark.key: mark for mark in after.filter(seq__gt=cut).order_by("seq")}
    widened: dict[str, Change] = {}
    for key, names in _changed_fields(after.filter(seq__lte=cut)).items():
        mark = newest.get(key)
        said = set(mark.fields.split(" ")) if mark else {""}
        if mark and "" not in said and not names <= said:
            mark.fields = "" if "" in names else " ".join(sorted(said | names))
            widened[key] = mark
    Change.objects.bulk_update(widened.values(), ["fields"], batch_size=500)


def _changed_fields(after: QuerySet[Change]) -> dict[str, set[str]]:
    """What has changed of each key; an empty name stands for all of it."""
    changed: dict[str, set[str]] = defaultdict(set)
    for key, fields in after.values_list("key", "fields").distinct():
        changed[key] |= set(fields.split(" "))
    return changed


def _only(row: Row, names: set[str]) -> Row:
    """What a page carries of a row: all of it if its marks went while the page was made, since a newer one says so."""
    if not names or "" in names:
        return row
    return {name: said for name, said in row.items() if name in names or name == "key"}


def snapshot(stream: str, *, life: int = 0, audience: int = EVERYBODY) -> Page | None:
    """All of a stream as one page; None for one that nobody owns or that holds nothing."""
    return page(stream=stream, epoch=0, seq=0, limit=_EVERYTHING, life=life, audience=audience)


def size_of(stream: str) -> int:
    """How many keys a stream has had, those that are gone among them."""
    return Change.objects.filter(stream=stream, seq__isnull=False).values("key").distinct().count()
