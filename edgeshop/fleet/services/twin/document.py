"""The desired document and how it travels: a kiosk says what it holds, the cloud says all that is otherwise.

Level-triggered: no message is an event that could be missed. An answer names what it was given on, and the hash of what
comes out; a kiosk that has moved on meanwhile passes it over, and one that finds another hash asks for everything.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edgeshop.fleet.components import Target
from edgeshop.kernel.facts import canonical

Targets = Mapping[str, Target]
HASH_BYTES = 8


def document_hash(document: Any) -> bytes:
    """Eight bytes by which two sides see that they mean the same."""
    return hashlib.sha256(canonical(document)).digest()[:HASH_BYTES]


@dataclass(frozen=True, slots=True)
class Held:
    """What a kiosk holds of its desired document. Version 0 asks for all of it."""

    version: int = 0
    targets: Targets = field(default_factory=dict)

    @property
    def place(self) -> list[Any]:
        """The version and the hash: what a contact says of it."""
        return [self.version, document_hash(self.targets)]


@dataclass(frozen=True, slots=True)
class Desired:
    """What the cloud wants of one kiosk. `since`: the version in which each component last changed or went."""

    version: int = 0
    targets: Targets = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)

    def renewed(self, targets: Targets, *, above: int = 0) -> "Desired":
        """The same when nothing is otherwise, else the next version. `above`: a kiosk knows that one already."""
        names = {*self.targets, *targets}
        changed = [name for name in names if self.targets.get(name) != targets.get(name)]
        if not changed and above <= self.version:
            return self
        version = max(self.version, above) + 1
        return Desired(version, dict(targets), {**self.since, **dict.fromkeys(changed, version)})


def answer_for(desired: Desired, place: list[Any]) -> dict[str, Any] | None:
    """What a kiosk lacks that holds this place; None when it holds what is wanted."""
    version, held_hash = int(place[0]), bytes(place[1])
    wanted_hash = document_hash(desired.targets)
    if held_hash == wanted_hash:
        return None
    is_full = not 0 < version < desired.version
    changed = [name for name, at in desired.since.items() if is_full or at > version]
    return {
        "on": [version, held_hash],
        "full": is_full,
        "v": desired.version,
        "h": wanted_hash,
        "set": {name: desired.targets[name] for name in changed if name in desired.targets},
        "gone": [name for name in changed if name not in desired.targets],
    }


def taken(held: Held, told: Mapping[str, Any]) -> Held:
    """What a kiosk holds after an answer. One that was given on something else changes nothing; one that leads to
    another hash than it says is not believed, and everything is asked for."""
    if list(told["on"]) != held.place:
        return held
    before = {} if told["full"] else held.targets
    targets = {name: target for name, target in {**before, **told["set"]}.items() if name not in told["gone"]}
    if document_hash(targets) != told["h"]:
        return Held(0, held.targets)
    return Held(int(told["v"]), targets)
