"""The cloud's side of the journal: check the chain, keep each fact, apply it once, acknowledge the prefix."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from edgeshop.journal.errors import ChainFork, ChainGap
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.registry import Outcome
from edgeshop.journal.services.applying import apply, apply_early, note_outcome, park
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError, InvalidInput
from edgeshop.kernel.facts import GENESIS, Fact, link


@dataclass(frozen=True, slots=True)
class Received:
    """How far the cloud is now, and what became of each fact that was new: (seq, outcome).

    `unsettled`: of all facts from the batch's first to there, those that anything else became of: (seq, status).
    """

    acked_seq: int
    outcomes: list[tuple[int, Outcome]]
    unsettled: list[tuple[int, str]]


def receive(
    *,
    device_id: int,
    epoch: int,
    first_seq: int,
    kinds: Sequence[str],
    bodies: Sequence[bytes],
    head: bytes,
    distrust: EdgeShopError | None = None,
) -> Received:
    """Take a batch of facts. Overlap with what is known is legal; a gap or a fork is refused as a whole.

    Shapes: kinds [n], bodies [n]; `head` [32] is the sender's chain value after the last body.
    `distrust` says why the sender is not believed: its facts are kept, acknowledged and quarantined, not applied.

    Raises: ChainGap, ChainFork (remembered, see `is_forked`), InvalidInput.
    Effect: each new fact is kept and applied in a transaction of its own, so that one bad fact is quarantined alone,
    and what is acknowledged is committed. Facts that were early are tried again after them.
    """
    if not bodies or len(kinds) != len(bodies) or first_seq < 1 or epoch < 1:
        raise InvalidInput("A batch is one kind and one body for each fact, from the first number on.")
    chain, _ = Chain.objects.get_or_create(device_id=device_id, epoch=epoch, defaults={"head": GENESIS})
    if first_seq > chain.seq + 1:
        raise ChainGap("Facts are missing before this batch.", acked_seq=chain.seq, first_seq=first_seq)
    _refuse_fork(chain, first_seq, bodies, head)
    outcomes: list[tuple[int, Outcome]] = []
    for seq, (kind, body) in enumerate(zip(kinds, bodies, strict=True), start=first_seq):
        if seq > chain.seq:
            outcome = _take(device_id, epoch, seq, kind, body, distrust)
            if outcome is not None:
                outcomes.append((seq, outcome))
    if outcomes and distrust is None:
        apply_early(device_id)
    chain.refresh_from_db()
    known = Record.objects.filter(device_id=device_id, epoch=epoch, seq__gte=first_seq).exclude(outcome="")
    return Received(chain.seq, outcomes, list(known.order_by("seq").values_list("seq", "outcome")))


def is_forked(*, device_id: int, epoch: int) -> bool:
    """Whether two stories were told under this journal's name: what it holds may come from either."""
    return Chain.objects.filter(device_id=device_id, epoch=epoch, forked_at__isnull=False).exists()


def heard_since(*, device_id: int, epoch: int) -> datetime | None:
    """When the first fact of this journal came: its writer's life had begun by then. None while there is none."""
    first = Record.objects.filter(device_id=device_id, epoch=epoch).order_by("seq")
    return first.values_list("at", flat=True).first()


def _refuse_fork(chain: Chain, first_seq: int, bodies: Sequence[bytes], head: bytes) -> None:
    """What both sides know must be the same, and what is new must follow from it: the chain value proves both."""
    known = chain.seq - first_seq + 1
    if known >= len(bodies):
        last = Record.objects.get(device_id=chain.device_id, epoch=chain.epoch, seq=first_seq + len(bodies) - 1)
        value = bytes(last.chain)
    else:
        value = bytes(chain.head)
        for body in bodies[known:]:
            value = link(value, body)
    if value != head:
        Chain.objects.filter(pk=chain.pk, forked_at=None).update(forked_at=clock.now())
        raise ChainFork("This journal tells another story than the one we have.", acked_seq=chain.seq)


@transaction.atomic
def _take(
    device_id: int, epoch: int, seq: int, kind: str, body: bytes, distrust: EdgeShopError | None
) -> Outcome | None:
    """Keep and apply one fact; None when somebody else has taken it meanwhile."""
    chain = Chain.objects.select_for_update().get(device_id=device_id, epoch=epoch)
    if seq != chain.seq + 1:
        return None
    fact = Fact(device_id, epoch, seq, kind, body, link(bytes(chain.head), body))
    record = Record.objects.create(
        device_id=device_id, epoch=epoch, seq=seq, kind=kind, body=body, chain=fact.chain, at=clock.now()
    )
    outcome = apply(record, fact) if distrust is None else park(record, distrust.code, distrust.message)
    note_outcome(record, outcome)
    Chain.objects.filter(pk=chain.pk).update(seq=seq, head=fact.chain, acked_seq=seq)
    return outcome
