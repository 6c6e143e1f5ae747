"""Why a kiosk is where it is, in words: what is wanted, what runs, what failed, and what happens next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from edgeshop.fleet.models import Twin
from edgeshop.fleet.services.twin.progress import State, hash_of

AS_WANTED, ON_ITS_WAY, REFUSED, NOT_TOLD, UNKNOWN, NOTHING = (
    "as wanted", "on its way", "refused", "not told yet", "waits for a release", "nothing wanted",
)  # fmt: skip
_NEXT: dict[str, str] = {
    State.WANTED: "It is fetched; while the link is down that waits.",
    State.FETCHED: "It is checked: whether this is what was meant and can be used.",
    State.VERIFIED: "It is put beside what runs.",
    State.STAGED: "It begins to run; while somebody is at the kiosk that may wait, four hours at most.",
    State.ACTIVATED: "It is seen whether it works.",
    State.HEALTHY: "It stays.",
}
_AT_NEXT = "It is told at its next contact."


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as it was reported."""

    at: datetime
    version: int
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One component of one kiosk. Version 0: none. `next` is a sentence."""

    component: str
    wanted: int
    runs: int
    word: str
    state: str
    problem: str
    failures: int
    next: str
    steps: list[StepView] = field(default_factory=list)


def parts_of(twin: Twin, versions: Mapping[str, int]) -> list[PartView]:
    """Every component that anything is wanted of, or that the kiosk has reported. `versions`: what is wanted now, which
    a kiosk that is away was not told."""
    reported = twin.reported.get("parts", {})
    names = sorted({*twin.targets, *reported, *versions})
    return [_part(twin, name, reported.get(name) or {}, versions.get(name, 0)) for name in names]


def word_for(parts: list[PartView]) -> str:
    """The kiosk in a word: that of the component which most needs a look."""
    order = (REFUSED, NOT_TOLD, ON_ITS_WAY, UNKNOWN, AS_WANTED)
    words = {part.word for part in parts}
    return next((word for word in order if word in words), NOTHING)


def _part(twin: Twin, name: str, said: dict[str, Any], version: int) -> PartView:
    target = twin.targets.get(name)
    is_told = (target["version"] if target else 0) == version
    word, then = _word(twin, target, said) if is_told else (NOT_TOLD, _AT_NEXT)
    return PartView(
        component=name,
        wanted=version,
        runs=said.get("runs_version", 0),
        word=word,
        state=said.get("state", ""),
        problem=said.get("problem", ""),
        failures=said.get("failures", 0),
        next=then,
        steps=[
            StepView(datetime.fromtimestamp(at_s, UTC), step_version, state, problem)
            for step_version, _, state, at_s, problem in twin.reported.get("steps", {}).get(name, [])
        ],
    )


def _word(twin: Twin, target: dict[str, Any] | None, said: dict[str, Any]) -> tuple[str, str]:
    if target is None:
        return NOTHING, "Nothing: nobody wants anything of it any more; what runs goes on."
    if said.get("hash") != hash_of(target):
        return _not_there(twin)
    state = said.get("state", "")
    if state == State.COMMITTED:
        return AS_WANTED, "Nothing: this is what is wanted, and it runs."
    if state != State.REVERTED:
        return ON_ITS_WAY, _NEXT.get(state, "It goes on, in a way that only a later release can say.")
    if said["hash"] in {known for known, _ in said.get("rejected", [])}:
        return REFUSED, "Nothing by itself: it was refused. Let it try again, or bring another version."
    at = datetime.fromtimestamp(said.get("retry_at", 0), UTC)
    return ON_ITS_WAY, f"It is tried again from {at:%Y-%m-%d %H:%M} on; after the third failure it is refused."


def _not_there(twin: Twin) -> tuple[str, str]:
    if twin.held_version == twin.version:
        return (
            UNKNOWN,
            "It was told; it says how far it is with its next contact, or when a release knows the component.",
        )
    return NOT_TOLD, _AT_NEXT
