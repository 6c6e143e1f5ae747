"""Walking the journals link by link: what was edited, dropped, put in another order or cut off since it was written."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from edgeshop.journal.models import AuditHead, Chain, Record
from edgeshop.journal.services.audit import CLOUD
from edgeshop.kernel.facts import GENESIS, link

_CHUNK = 2000
_SAY_EACH = 50_000
_SUSPECTS_MAX = 200  # a journal with more broken links is broken; which two changed places is no question then
Say = Callable[[str], None]


class FaultKind(StrEnum):
    """What was done to a journal."""

    EDITED = "edited"
    DROPPED = "dropped"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    HEAD_FORGED = "head_forged"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where, and in words."""

    kind: FaultKind
    device_id: int
    epoch: int
    seq: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it stands, and the chain value before it. Shapes: chain [32], before [32]."""

    seq: int
    kind: str
    body: bytes
    chain: bytes
    before: bytes

    @property
    def is_sound(self) -> bool:
        """Whether it follows from what stands before it, and is filed under what it says it is."""
        return link(self.before, self.body) == self.chain and self.kind == _kind_in(self.body)


def _kind_in(body: bytes) -> str:
    try:
        return str(json.loads(body)["kind"])
    except (ValueError, KeyError, TypeError):
        return ""  # rewritten by somebody who did not know what a fact is


def journals() -> list[tuple[int, int]]:
    """Every (device, epoch) that anything here speaks of, in order. A kiosk holds a head of the cloud's, no more."""
    named: set[tuple[int, int]] = set()
    for model in (Record, Chain, AuditHead):
        named.update(model.objects.order_by().values_list("device_id", "epoch").distinct())
    return sorted(one for one in named if settings.EDGESHOP.is_ledger or one[0] != CLOUD)


def walk(device_id: int, epoch: int, *, heads: Sequence[AuditHead], say: Say) -> tuple[int, list[Fault]]:
    """Every link of one journal, and whether it reaches what its signed `heads` say; answers how many facts there are.

    The heads' signatures are the caller's to check. On the cloud a head may speak of facts that are still to come:
    only what the cloud had acknowledged can be missing there.
    """
    promised = {head.seq: bytes(head.chain) for head in heads}
    faults: list[Fault] = []
    suspects: list[Row] = []
    count, last = 0, 0
    for row in _rows(device_id, epoch):
        if row.seq != last + 1:
            words = f"{_span(last + 1, row.seq - 1)} not there any more"
            faults.append(Fault(FaultKind.DROPPED, device_id, epoch, last + 1, words))
        elif not row.is_sound and len(suspects) < _SUSPECTS_MAX:
            suspects.append(row)
        if promised.get(row.seq, row.chain) != row.chain:
            words = f"fact {row.seq} is not the one that its writer signed for"
            faults.append(Fault(FaultKind.REWRITTEN, device_id, epoch, row.seq, words))
        count, last = count + 1, row.seq
        if count % _SAY_EACH == 0:
            say(f"journal {device_id}/{epoch}: {count} facts")
    faults += _explained(device_id, epoch, suspects)
    faults += _cut_off(device_id, epoch, last, heads)
    return count, faults


def _rows(device_id: int, epoch: int) -> Iterator[Row]:
    found = Record.objects.filter(device_id=device_id, epoch=epoch).order_by("seq")
    before, last = GENESIS, 0
    for seq, kind, body, chain in found.values_list("seq", "kind", "body", "chain").iterator(chunk_size=_CHUNK):
        yield Row(seq, kind, bytes(body), bytes(chain), before if seq == last + 1 else b"")
        before, last = bytes(chain), seq


def _explained(device_id: int, epoch: int, suspects: Sequence[Row]) -> Iterator[Fault]:
    """Broken links in words: two facts in each other's place, or one that is not what was written."""
    moved: set[int] = set()
    for row in suspects:
        if row.seq in moved:
            continue
        other = next((o for o in suspects if o is not row and _belongs(o, row)), None)
        if other is not None:
            moved |= {row.seq, other.seq, row.seq + 1, other.seq + 1}  # the ones after them lost what they follow from
            words = f"facts {row.seq} and {other.seq} have changed places"
            yield Fault(FaultKind.REORDERED, device_id, epoch, row.seq, words)
        else:
            words = f"fact {row.seq} does not follow from the one before: one of the two is not what was written"
            yield Fault(FaultKind.EDITED, device_id, epoch, row.seq, words)


def _belongs(other: Row, place: Row) -> bool:
    """Whether the body of one row is what was written at the place of another."""
    return link(place.before, other.body) in (place.chain, other.chain)


def _cut_off(device_id: int, epoch: int, last: int, heads: Sequence[AuditHead]) -> Iterator[Fault]:
    chain = Chain.objects.filter(device_id=device_id, epoch=epoch).first()
    reached = max([chain.seq if chain else 0, *(_must_reach(head) for head in heads)])
    if last < reached:
        words = f"{_span(last + 1, reached)} cut off the end"
        yield Fault(FaultKind.TRUNCATED, device_id, epoch, last + 1, words)


def _must_reach(head: AuditHead) -> int:
    """How far a journal must go: for its writer all the way; a kiosk's, seen from the cloud, as far as it had come."""
    return head.acked_seq if settings.EDGESHOP.is_ledger else head.seq


def _span(first: int, last: int) -> str:
    return f"fact {first} is" if first == last else f"facts {first} to {last} are"
