"""What the cloud has acknowledged, compared with what it has: a cloud that was restored lacks some of it.

The kiosk names its mark in every epoch, those that are over too; the cloud answers how far it has come where it has
less, or another story. Chain values are cut to eight bytes: they tell stories apart, signatures say whose they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from edgeshop.journal.models import Chain, Record

_EPOCHS_MAX = 100  # lives of one disk; the latest matter
_HEAD_BYTES = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact in an epoch, and its chain value [8]; no value where only the number is known."""

    epoch: int
    seq: int
    head: bytes = b""


def past_marks(*, device_id: int, before: int) -> list[Mark]:
    """On the kiosk: what was acknowledged in each epoch before this one. Two queries, one without such epochs."""
    over = Chain.objects.filter(device_id=device_id, epoch__lt=before, acked_seq__gt=0).order_by("-epoch")
    places = list(over.values_list("epoch", "acked_seq")[:_EPOCHS_MAX])
    heads = _heads(device_id, places)
    return [Mark(*place, heads[place]) for place in sorted(places) if place in heads]


def lacking(chains: Mapping[int, Chain], marks: Sequence[Mark]) -> list[Mark]:
    """On the cloud: from where on we need to be told again, in each epoch where we do not have all of a mark.

    `chains`: what we have of that device, by epoch. Where our story is another one, that is from the beginning on.
    """
    ends = {mark.epoch: _end_of(chains.get(mark.epoch), mark.epoch) for mark in marks}
    behind = [ends[mark.epoch] for mark in marks if ends[mark.epoch].seq < mark.seq]
    told = [mark for mark in marks if mark.head and ends[mark.epoch].seq >= mark.seq]
    heads = _heads(chains[told[0].epoch].device_id, [(mark.epoch, mark.seq) for mark in told]) if told else {}
    return behind + [Mark(mark.epoch, 0) for mark in told if heads.get((mark.epoch, mark.seq)) != mark.head]


@transaction.atomic
def go_back(*, device_id: int, lacks: Mark) -> bool:
    """On the kiosk: send again what follows, or all of that epoch if we never wrote the fact that the cloud names.

    Answers whether that changes anything. Only the cloud's signed word is a reason to call this.
    """
    place = (lacks.epoch, lacks.seq)
    is_ours = not lacks.head or _heads(device_id, [place]).get(place) == lacks.head
    seq = lacks.seq if is_ours else 0
    behind = Chain.objects.filter(device_id=device_id, epoch=lacks.epoch, acked_seq__gt=seq)
    return behind.update(acked_seq=seq) > 0


def _end_of(chain: Chain | None, epoch: int) -> Mark:
    if chain is None or chain.seq == 0:
        return Mark(epoch, 0)
    return Mark(epoch, chain.seq, bytes(chain.head)[:_HEAD_BYTES])


def _heads(device_id: int, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    if not places:
        return {}
    named = reduce(or_, (Q(epoch=epoch, seq=seq) for epoch, seq in places))
    found = Record.objects.filter(named, device_id=device_id).values_list("epoch", "seq", "chain")
    return {(epoch, seq): bytes(chain)[:_HEAD_BYTES] for epoch, seq, chain in found}
