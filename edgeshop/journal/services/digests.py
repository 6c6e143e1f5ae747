"""Set digests: whether both sides hold the same rows of a stream, in eight bytes, in whatever order they came.

A row's digest is BLAKE2b-128 of the row as its source collects it, key and all, unless its source says otherwise; a
stream's is the sum modulo 2^128, so that a changed row costs a subtraction and an addition. It finds accidents, not
attackers: authenticity is the signature's. Of the sum eight bytes travel: of all that may go wrong one in 2^64 would
not be seen.
Source: Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing" (1997), the additive construction.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from edgeshop.journal.models import SEQUENCER, RowDigest, SetDigest, Stream
from edgeshop.journal.registry import EVERYBODY, Row, Source, source_of

BYTES, TOLD_BYTES = 16, 8
MODULUS = 1 << 8 * BYTES
_BATCH = 1000  # keys at once: a first import has tens of thousands
Digests = dict[str, bytes]


def row_digest(row: Row) -> bytes:
    """A row in a few bytes. JSON with sorted names, since databases keep those of a map in orders of their own."""
    said = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(said.encode(), digest_size=BYTES).digest()


def add_digests(digests: Iterable[bytes]) -> bytes:
    """Their sum; nothing is nought. Shape: [16]."""
    return (sum(map(int.from_bytes, digests)) % MODULUS).to_bytes(BYTES)


def subtract_digests(one: bytes, other: bytes) -> bytes:
    """What is to be added to the other to come to the one. Shape: [16]."""
    return ((int.from_bytes(one) - int.from_bytes(other)) % MODULUS).to_bytes(BYTES)


@transaction.atomic
def note_rows(stream: str, keys: Collection[str], *, gone: Collection[str] = ()) -> None:
    """Look at these rows again and keep their digests; nothing for a stream that has none.

    `gone`: keys that the cloud does not have; what is kept of them here does not count.
    """
    source = source_of(stream)
    if source is None or source.keys is None:
        return
    gone = set(gone)
    moved: dict[int, int] = defaultdict(int)
    for some in _batches(keys):
        before, after = _known(stream, some), _looked_at(source, stream, some)
        for key, row in after.items():
            row.is_gone = key in gone
        _write(before, after, moved)
    _move(stream, moved)


@transaction.atomic
def sum_up(stream: str) -> int:
    """Take all digests of a stream from its rows anew; answers how many were not as they were noted."""
    source = source_of(stream)
    if source is None or source.keys is None:
        return 0
    Stream.objects.select_for_update().filter(name=SEQUENCER).first()
    held = set(source.keys(stream))
    strays = RowDigest.objects.filter(stream=stream)
    lost = [key for key in strays.values_list("key", flat=True) if key not in held]
    for some in _batches(lost):
        strays.filter(key__in=some).delete()
    totals: dict[int, int] = defaultdict(int)
    odd = len(lost) + sum(_sum_some(source, stream, some, totals) for some in _batches(sorted(held)))
    SetDigest.objects.filter(stream=stream).delete()
    _move(stream, totals)
    Stream.objects.filter(name=stream).update(is_summed=True)
    return odd


def _sum_some(source: Source, stream: str, keys: Sequence[str], totals: dict[int, int]) -> int:
    before, after = _known(stream, keys), _looked_at(source, stream, keys)
    for key, row in after.items():
        known = before.get(key)
        row.is_gone = known is not None and known.is_gone and bytes(known.digest) == row.digest
        totals[row.audience] += row.weight
    return _write(before, after, defaultdict(int))


def _known(stream: str, keys: Sequence[str]) -> dict[str, RowDigest]:
    return {row.key: row for row in RowDigest.objects.filter(stream=stream, key__in=keys)}


def _looked_at(source: Source, stream: str, keys: Sequence[str]) -> dict[str, RowDigest]:
    rows = source.collect(stream, keys)
    digests = map(row_digest, rows) if source.digests is None else source.digests(rows)
    return {
        row["key"]: RowDigest(stream=stream, key=row["key"], audience=source.audience(row), digest=digest)
        for row, digest in zip(rows, digests, strict=True)
    }


def _write(before: Mapping[str, RowDigest], after: Mapping[str, RowDigest], moved: dict[int, int]) -> int:
    """Keep what differs; answers how many rows that are. `moved` gets the difference of the sums, by audience."""
    odd = [key for key in before.keys() | after.keys() if _state(before.get(key)) != _state(after.get(key))]
    for rows, sign in ((before, -1), (after, 1)):
        for row in (rows[key] for key in odd if key in rows):
            moved[row.audience] += sign * row.weight
    RowDigest.objects.filter(pk__in=[before[key].pk for key in odd if key not in after]).delete()
    RowDigest.objects.bulk_create(
        [after[key] for key in odd if key in after],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["stream", "key"],
        update_fields=["audience", "digest", "is_gone"],
    )
    return len(odd)


def _state(row: RowDigest | None) -> tuple[int, bytes, bool] | None:
    return None if row is None else (row.audience, bytes(row.digest), row.is_gone)


def _move(stream: str, moved: Mapping[int, int]) -> None:
    known = {row.audience: row for row in SetDigest.objects.filter(stream=stream, audience__in=list(moved))}
    for audience, difference in moved.items():
        row = known.get(audience) or SetDigest(stream=stream, audience=audience, total=bytes(BYTES))
        row.total = ((int.from_bytes(bytes(row.total)) + difference) % MODULUS).to_bytes(BYTES)
        row.save()


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    every = list(keys)
    return (every[i : i + _BATCH] for i in range(0, len(every), _BATCH))


def _for(audience: int | None) -> Q:
    return Q() if audience is None else Q(audience__in={EVERYBODY, audience})


def digest_of(stream: Stream, audience: int | None = None) -> bytes:
    """A stream's digest, of what is for everybody and for `audience`; None for all that is here. Shape: [8].

    Effect: one that has never been taken is taken now.
    """
    if not stream.is_summed:
        sum_up(stream.name)
    totals = SetDigest.objects.filter(_for(audience), stream=stream.name).values_list("total", flat=True)
    return (sum(int.from_bytes(bytes(total)) for total in totals) % MODULUS).to_bytes(BYTES)[-TOLD_BYTES:]


def row_digests(stream: str, audience: int | None = None) -> Digests:
    """The digest [16] of every row that counts, by key."""
    rows = RowDigest.objects.filter(_for(audience), stream=stream, is_gone=False)
    return {key: bytes(digest) for key, digest in rows.values_list("key", "digest")}
