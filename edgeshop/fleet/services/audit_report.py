"""The audit of everything: each journal walked to the head that was signed for it, and each signature checked."""

from dataclasses import asdict, dataclass, field
from typing import Any

from edgeshop.fleet.services.audit_heads import is_genuine
from edgeshop.journal.models import AuditHead
from edgeshop.journal.services.audit_walk import Fault, FaultKind, Say, journals, walk


@dataclass(slots=True)
class Audit:
    """What was looked at and what is wrong with it; nothing wrong means that nothing was done to any journal."""

    journals: int = 0
    facts: int = 0
    heads: int = 0
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def verify_all(*, say: Say = lambda _text: None) -> Audit:
    """Walk every journal on this node."""
    done = Audit()
    for device_id, epoch in journals():
        kept = list(AuditHead.objects.filter(device_id=device_id, epoch=epoch).order_by("seq"))
        genuine = [head for head in kept if is_genuine(head)]
        done.faults += [_forged(head) for head in kept if head not in genuine]
        count, faults = walk(device_id, epoch, heads=genuine, say=say)
        say(f"journal {device_id}/{epoch}: {count} facts, {len(genuine)} signed heads, {len(faults)} faults")
        done.journals, done.facts, done.heads = done.journals + 1, done.facts + count, done.heads + len(genuine)
        done.faults += faults
    return done


def _forged(head: AuditHead) -> Fault:
    words = f"the head kept for {head.occasion} is not what its writer signed"
    return Fault(FaultKind.HEAD_FORGED, head.device_id, head.epoch, head.seq, words)
