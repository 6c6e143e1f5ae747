"""What speaks against an order: a refusal while nothing has happened yet, a review once the shopper has a slip."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from edgeshop.checkout.enums import Reason
from edgeshop.kernel.errors import EdgeShopError


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason for a person to look, with what to look at. `subject` tells two cases of one reason apart."""

    reason: Reason
    evidence: dict[str, Any]
    subject: str = ""


@dataclass(slots=True)
class Judgement:
    """Collects flags while an order is looked at. With `may_refuse`, an objection is raised instead of noted."""

    may_refuse: bool
    flags: list[Flag] = field(default_factory=list)

    def object(self, refusal: EdgeShopError, reason: Reason, **evidence: Any) -> None:
        """Refuse when nothing has been promised yet, else note the reason."""
        if self.may_refuse:
            raise refusal
        self.note(Flag(reason, evidence))

    def note(self, *flags: Flag) -> None:
        """Remember reasons; the first of each kind and subject stands."""
        known = {(flag.reason, flag.subject) for flag in self.flags}
        for flag in flags:
            if (flag.reason, flag.subject) not in known:
                known.add((flag.reason, flag.subject))
                self.flags.append(flag)


def to_wire(flags: Iterable[Flag]) -> list[list[Any]]:
    """Flags as they travel in facts and on the orders stream."""
    return [[flag.reason, flag.subject, flag.evidence] for flag in flags]


def from_wire(rows: Iterable[list[Any]]) -> list[Flag]:
    """Flags again. A reason from a newer release is kept as one that a person must look at anyway."""
    return [_flag(str(reason), str(subject), dict(evidence)) for reason, subject, evidence in rows]


def _flag(reason: str, subject: str, evidence: dict[str, Any]) -> Flag:
    if reason in Reason.values:
        return Flag(Reason(reason), evidence, subject[:64])
    return Flag(Reason.SCHEMA_TOO_OLD, {**evidence, "reason": reason}, subject[:64])
