"""Where a kiosk stands with one component: the one row that the apply machine moves and keeps."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from edgeshop.fleet.components import Target
from edgeshop.kernel.facts import canonical

TRIES_MAX = 3
INTERRUPTIONS_MAX = 10  # a target that takes the box down each time says nothing itself; ten is no chance
REJECTED_MAX = 20
_PROBLEM_CHARS_MAX = 200


class State(StrEnum):
    """How far a target has come. `wanted` is the beginning; the last two are ends."""

    WANTED = "wanted"
    FETCHED = "fetched"
    VERIFIED = "verified"
    STAGED = "staged"
    ACTIVATED = "activated"
    HEALTHY = "healthy"
    COMMITTED = "committed"
    REVERTED = "reverted"


_HOUR_S = 3600.0
DEADLINE_S = {  # how long a state may wait for its next step; a link that is down stops the clock
    State.WANTED: 24 * _HOUR_S,
    State.FETCHED: _HOUR_S,
    State.VERIFIED: _HOUR_S,
    State.STAGED: _HOUR_S,
    State.ACTIVATED: _HOUR_S,
    State.HEALTHY: _HOUR_S,
}
LOCK_S = 4 * _HOUR_S  # a kiosk in use puts an activation off for so long and no longer
RETRY_S = (60.0, 600.0)  # after the first failure, after the second


def hash_of(target: Target) -> str:
    """What a target is known by: eight bytes in hex."""
    return hashlib.sha256(canonical(dict(target))).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Progress:
    """Units: unix seconds. `is_begun`: the step out of `state` is under way; written before it is.

    `is_touched`: activating the target has begun and it is not committed. `committed` is what runs when nothing is
    under way, and what comes back. `rejected`: hashes of targets that failed for good, each with the reason.
    """

    component: str
    target: Target | None = None
    state: State = State.COMMITTED
    is_begun: bool = False
    is_touched: bool = False
    at_s: float = 0.0
    retry_at_s: float = 0.0
    failures: int = 0
    interruptions: int = 0
    problem: str = ""
    committed: Target | None = None
    rejected: tuple[tuple[str, str], ...] = ()

    @property
    def hash(self) -> str:
        """The target's; empty without one."""
        return hash_of(self.target) if self.target is not None else ""

    def is_rejected(self, target_hash: str) -> bool:
        """Whether a target of this hash has failed for good here."""
        return any(known == target_hash for known, _ in self.rejected)

    def reached(self, state: State, now_s: float) -> "Progress":
        """In the next state, and nothing under way."""
        return replace(self, state=state, at_s=now_s, is_begun=False, problem="")

    def failed(self, problem: str, now_s: float) -> "Progress":
        """One failure more, on the way back; after the third the target is rejected."""
        count = self.failures + 1
        pause_s = RETRY_S[min(count, len(RETRY_S)) - 1]
        after = replace(
            self,
            state=State.REVERTED,
            is_begun=self.is_touched,
            failures=count,
            problem=problem[:_PROBLEM_CHARS_MAX],
            at_s=now_s,
            retry_at_s=now_s + pause_s,
        )
        return after.reject() if count >= TRIES_MAX else after

    def reject(self) -> "Progress":
        """Never again by itself; the reason stays."""
        others = tuple(pair for pair in self.rejected if pair[0] != self.hash)
        return replace(self, rejected=(*others, (self.hash, self.problem))[-REJECTED_MAX:])

    def aimed(self, target: Target, now_s: float) -> "Progress":
        """At the beginning of another target; what ran before stays what comes back."""
        fresh = replace(self, target=target, is_begun=False, failures=0, interruptions=0, at_s=now_s, retry_at_s=0.0)
        if self.committed is not None and hash_of(target) == hash_of(self.committed):
            return replace(fresh, state=State.COMMITTED, problem="")
        reason = next((why for known, why in self.rejected if known == hash_of(target)), None)
        if reason is not None:
            return replace(fresh, state=State.REVERTED, problem=reason)
        return replace(fresh, state=State.WANTED, problem="")
