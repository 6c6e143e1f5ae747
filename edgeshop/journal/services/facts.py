"""A device's own journal: append inside the sale's transaction, hand over batches, note what the cloud has."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from edgeshop.journal.errors import NoChain
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.registry import settled_handlers
from edgeshop.journal.services import head_file, lives
from edgeshop.kernel import clock
from edgeshop.kernel.facts import GENESIS, Fact, canonical, link

_BATCH_BYTES_MAX = 2**20  # the cloud reads requests of up to 2.5 MB


@dataclass(frozen=True, slots=True)
class Unsent:
    """Everything the cloud has not acknowledged."""

    count: int
    oldest_at: datetime | None


@transaction.atomic
def open_chain(*, device_id: int, epoch: int) -> Chain:
    """Begin this device's journal of a new epoch; calling again returns the one that is there.

    Effect: the chain becomes the one that `append` writes to, the head file names it, and the chip counts a new life.
    """
    Chain.objects.filter(is_own=True).exclude(device_id=device_id, epoch=epoch).update(is_own=False)
    chain, _ = Chain.objects.update_or_create(
        device_id=device_id, epoch=epoch, defaults={"is_own": True}, create_defaults={"is_own": True, "head": GENESIS}
    )
    last = head_file.Head(device_id, epoch, chain.seq, bytes(chain.head))
    transaction.on_commit(lambda: head_file.write(last))
    transaction.on_commit(lives.begin)
    return chain


def own_chain() -> Chain:
    """The journal that this device writes. Raises: NoChain before enrolment."""
    return _own(Chain.objects.all())


def _own(chains: QuerySet[Chain]) -> Chain:
    chain = chains.filter(is_own=True).order_by("-epoch").first()
    if chain is None:
        raise NoChain("This device has no journal yet. Enrol it: manage.py enrol URL CODE.")
    return chain


def append(kind: str, body: dict[str, Any]) -> Fact:
    """Write one fact, in the caller's transaction, so that it stands or falls with what it tells of.

    Raises: NoChain; TransactionManagementError outside a transaction.
    Effect: one Record, the chain moved on by one, the head file rewritten after commit.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A fact is appended in the transaction of what it tells of.")
    return _append_raw(kind, canonical({**body, "kind": kind}))


def _append_raw(kind: str, raw: bytes) -> Fact:
    fact = append_to(_own(Chain.objects.select_for_update()), kind, raw)
    last = head_file.Head(fact.device_id, fact.epoch, fact.seq, fact.chain)
    transaction.on_commit(lambda: head_file.write(last))
    return fact


def append_to(chain: Chain, kind: str, raw: bytes) -> Fact:
    """The next fact of a chain that the caller's transaction has locked. Effect: one Record, the chain moved on."""
    fact = Fact(chain.device_id, chain.epoch, chain.seq + 1, kind, raw, link(bytes(chain.head), raw))
    Record.objects.create(
        device_id=fact.device_id, epoch=fact.epoch, seq=fact.seq, kind=kind, body=raw, chain=fact.chain, at=clock.now()
    )
    Chain.objects.filter(pk=chain.pk).update(seq=fact.seq, head=fact.chain)
    return fact


def _waiting() -> QuerySet[Chain]:
    chains = Chain.objects.annotate(last_seq=Coalesce("moved_after", "seq"))
    return chains.filter(acked_seq__lt=F("last_seq"))


def unsent() -> Unsent:
    """How much waits for the cloud, over all epochs, and since when."""
    total = _waiting().aggregate(n=Sum(F("last_seq") - F("acked_seq")))["n"] or 0
    oldest = None
    for chain in _waiting():
        at = _records_after(chain).aggregate(at=Min("at"))["at"]
        oldest = at if oldest is None or (at is not None and at < oldest) else oldest
    return Unsent(count=int(total), oldest_at=oldest)


def _records_after(chain: Chain) -> QuerySet[Record]:
    """What the cloud has yet to hear in this epoch; what was moved to a later one it hears there."""
    found = Record.objects.filter(device_id=chain.device_id, epoch=chain.epoch, seq__gt=chain.acked_seq)
    return found if chain.moved_after is None else found.filter(seq__lte=chain.moved_after)


def unsent_batch(limit: int) -> tuple[Chain, list[Record]] | None:
    """The oldest facts the cloud has not acknowledged, of one epoch and in order; None when there are none.

    At most `limit` facts, and at most one that goes beyond a megabyte, so that no batch is too large to be received.
    """
    chain = _waiting().order_by("epoch").first()
    if chain is None:
        return None
    batch: list[Record] = []
    size_bytes = 0
    for record in _records_after(chain).order_by("seq")[:limit]:
        batch.append(record)
        size_bytes += len(record.body)
        if size_bytes >= _BATCH_BYTES_MAX:
            break
    return chain, batch


@transaction.atomic
def acknowledge(*, device_id: int, epoch: int, seq: int, unsettled: Collection[int] = ()) -> int:
    """Note that the cloud has everything up to `seq`; answers how many facts that newly acknowledged.

    The mark only moves forward, and never past what this device has written. All but the `unsettled` are settled.
    Effect: their apps are told, in this transaction.
    """
    chain = Chain.objects.select_for_update().get(device_id=device_id, epoch=epoch)
    mark = min(seq, chain.seq if chain.moved_after is None else chain.moved_after)
    if mark <= chain.acked_seq:
        return 0
    for kind, handler in settled_handlers().items():
        told = _records_after(chain).filter(seq__lte=mark, kind=kind).exclude(seq__in=unsettled).order_by("seq")
        handler([json.loads(bytes(body)) for body in told.values_list("body", flat=True)])
    Chain.objects.filter(pk=chain.pk).update(acked_seq=mark)
    return mark - chain.acked_seq


@transaction.atomic
def rebase_unsent() -> int:
    """Move what the cloud has not acknowledged from older epochs into the current journal; answers how many facts.

    A restored disk may have written on where another story was already told; its facts are told again under the new
    epoch. The cloud applies a fact by the identity inside it, so telling one twice changes nothing.
    """
    moved = 0
    current = own_chain()
    for chain in _waiting().filter(device_id=current.device_id, epoch__lt=current.epoch).order_by("epoch"):
        for record in _records_after(chain).order_by("seq"):
            _append_raw(record.kind, bytes(record.body))
            moved += 1
        Chain.objects.filter(pk=chain.pk).update(moved_after=chain.acked_seq)
    return moved
