"""The contact section that mends a stream of which kiosk and cloud hold different rows; only those rows travel.

The kiosk asks twice, each time about the place that it has read to; a cloud that stands elsewhere sends a page instead.
Shapes: a question is [epoch, seq, tries, sums of buckets] and its answer [buckets that differ, digest of the stream];
then [epoch, seq, tries, number of buckets, {bucket: its rows' digests}], answered by [buckets looked at, digests that
the cloud does not have, a page of the rows that the kiosk does not have].
"""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk_id
from edgeshop.fleet.services.health import count_up
from edgeshop.journal.models import Repair, Stream
from edgeshop.journal.registry import Source, source_of
from edgeshop.journal.services import Page, digest_of, due_repairs, end_try, note_rows, row_digests
from edgeshop.sync.errors import Malformed
from edgeshop.sync.models import Download
from edgeshop.sync.services.buckets import BUCKETS_MAX, SHORT_BYTES, count_of, how_many, part, split, sums, unlike
from edgeshop.sync.services.bundles import SHARED, is_divided
from edgeshop.sync.services.feed import pack_page, unpack_page
from edgeshop.sync.services.names import OWN_STREAMS

log = logging.getLogger(__name__)
DIVERGED = "diverged"  # how often repairs gave up: a count that the cloud is told
_STREAMS_MAX = 2  # in one contact
_DIGESTS_MAX = 2000  # of rows, in one question: 6 kB
Said = dict[str, list[Any]]


def is_under_way() -> bool:
    """Whether another contact would bring a repair further."""
    return bool(due_repairs(1, but=_incomplete()))


def ask_repair() -> Said | None:
    """On the kiosk: what to find out next of each stream that is not as the cloud's; None when all are."""
    due = due_repairs(_STREAMS_MAX, but=_incomplete())
    return {repair.stream: _question(repair) for repair in due} or None


def _incomplete() -> list[str]:
    """Streams some of whose rows are still to come in bundles, and so not to be repaired yet."""
    return [name for name in SHARED if is_divided(name)] if Download.objects.exists() else []


def _question(repair: Repair) -> list[Any]:
    state, mine = Stream.objects.get(name=repair.stream), row_digests(repair.stream)
    at = [state.epoch, state.seq, repair.tries]
    if not repair.buckets:
        return [*at, sums(mine, how_many(len(mine)), repair.tries)]
    buckets = part(mine, repair.buckets, repair.tries)
    asked: dict[int, bytes] = {}
    for number in repair.left:
        if asked and sum(map(len, asked.values())) > _DIGESTS_MAX * SHORT_BYTES:
            break
        asked[number] = b"".join(buckets.get(number, {}).values())
    return [*at, repair.buckets, asked]


def answer_repair(kiosk_id: int, asked: Said | None) -> Said | None:
    """On the cloud: what differs, or the rows that do, of the streams of which this kiosk has read all."""
    told: Said = {}
    shop_id = Kiosk.objects.values_list("shop_id", flat=True).get(pk=kiosk_id) if asked else 0
    for name, question in list((asked or {}).items())[:_STREAMS_MAX]:
        prefix, _, owner = name.partition("/")
        source, state = source_of(name), Stream.objects.filter(name=name).first()
        is_its = owner == (str(kiosk_id) if prefix in OWN_STREAMS else "")
        if not is_its or source is None or source.keys is None or state is None:
            continue
        if question[:2] == [state.epoch, state.seq]:
            told[name] = _look(source, state, shop_id, question[2:])
    return told or None


def _look(source: Source, state: Stream, audience: int, question: list[Any]) -> list[Any]:
    digest = digest_of(state, audience)
    match question:
        case [0 | 1 | 2 as tries, bytes() as theirs] if count := count_of(theirs):
            return [unlike(sums(row_digests(state.name, audience), count, tries), theirs), digest]
        case [0 | 1 | 2 as tries, int() as count, dict() as theirs] if 0 < count <= BUCKETS_MAX:
            ours = part(row_digests(state.name, audience), count, tries)
            seen, strange, lacking = _differences(ours, theirs)
            rows = source.collect(state.name, lacking)
            return [seen, strange, pack_page(Page(state.name, state.epoch, state.seq, rows, [], False, digest))]
    raise Malformed("This is no question about a stream's digests.")


def _differences(ours: dict[int, dict[str, bytes]], theirs: dict[int, bytes]) -> tuple[list[int], bytes, list[str]]:
    """Bucket by bucket, until there are enough rows for one answer: the buckets, strange digests, keys they lack."""
    seen: list[int] = []
    strange: list[bytes] = []
    lacking: list[str] = []
    for number, data in theirs.items():
        if len(lacking) >= settings.EDGESHOP.sync.page_rows_max:
            break
        mine, known = ours.get(number, {}), set(split(data))
        lacking += [key for key, digest in mine.items() if digest not in known]
        strange += sorted(known - set(mine.values()))
        seen.append(number)
    return seen, b"".join(strange), lacking


def take_repair(told: Said) -> None:
    """On the kiosk: remember which buckets differ, or put right what does. Each stream stands or falls on its own."""
    for name, said in told.items():
        repair = Repair.objects.filter(pk=name).first()
        if repair is not None and repair.buckets:
            _mend(repair, *said)
        elif repair is not None:
            _note_buckets(repair, *said)


@transaction.atomic
def _note_buckets(repair: Repair, differ: list[int], digest: bytes) -> None:
    mine = row_digests(repair.stream)
    Stream.objects.filter(name=repair.stream).update(told=digest)
    Repair.objects.filter(pk=repair.pk).update(buckets=how_many(len(mine)), left=differ)
    state = Stream.objects.get(name=repair.stream)
    if not differ or digest == digest_of(state):
        _end(repair)


@transaction.atomic
def _mend(repair: Repair, seen: list[int], strange: bytes, packed: list[Any]) -> None:
    page, source = unpack_page(packed, kiosk_id=this_kiosk_id()), source_of(repair.stream)
    if source is None:
        return
    mine, odd = part(row_digests(repair.stream), repair.buckets, repair.tries), set(split(strange))
    ours = {key for number in seen for key, digest in mine.get(number, {}).items() if digest in odd}
    keys = [row["key"] for row in page.rows]
    gone = sorted(ours - set(keys))
    (source.repair or source.apply)(page.stream, page.rows, gone)
    note_rows(page.stream, [*keys, *gone], gone=gone)
    log.warning("%s rows of %s were not as the cloud's and are mended, %s are gone", len(keys), page.stream, len(gone))
    left = [number for number in repair.left if number not in seen]
    mended = F("mended") + len(keys) + len(gone)
    Repair.objects.filter(pk=repair.pk).update(left=left, mended=mended)
    Stream.objects.filter(name=page.stream).update(told=page.digest, mends=F("mends") + 1)
    if not left:
        _end(repair)


def _end(repair: Repair) -> None:
    if not end_try(repair.stream) and Repair.objects.filter(pk=repair.pk, rests_until__isnull=False).exists():
        count_up(DIVERGED)
        log.error("%s is not as the cloud's, and repairs do not help: somebody must look", repair.stream)
