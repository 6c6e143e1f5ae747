"""Components of a kiosk that the twin brings to a wanted state: apps register what a version is and how it is applied.

The fleet knows none of them but its own policy: whoever owns a component says on the cloud what a target is, and on the
kiosk how to fetch, verify, stage, activate and check it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

Target = Mapping[str, Any]
MakeTarget = Callable[[int, int], Target | None]


class Step(Enum):
    """How a step went: done; not yet, and its deadline runs; or it waits for the link, and no deadline runs."""

    DONE = "done"
    NOT_YET = "not_yet"
    NO_LINK = "no_link"


class Applier(Protocol):
    """What a kiosk does with a target of a component.

    Each step may be killed anywhere and is then done again: doing it twice is doing it once. An error, of whatever
    kind, fails the target's try. `activate` also brings back the target before, which was fetched and staged once.
    """

    def fetch(self, target: Target) -> Step:
        """Have all its bytes here."""

    def verify(self, target: Target) -> Step:
        """See that they are what was meant and that this release can use them."""

    def stage(self, target: Target) -> Step:
        """Put it beside what runs; nothing changes yet."""

    def activate(self, target: Target) -> Step:
        """Let it run, or let it run again."""

    def check(self, target: Target) -> Step:
        """See that what runs is this target and that it works."""

    def clear(self) -> None:
        """Run without any target, as before the first one."""


@dataclass(frozen=True, slots=True)
class Component:
    """`target(version, kiosk_id)` runs on the cloud; None for a version that there is not. `versions` are those there
    are, in order. `disturbs`: activating it is seen at the screen, so it waits while the kiosk is in use."""

    name: str
    target: MakeTarget
    versions: Callable[[], list[int]]
    applier: Applier
    disturbs: bool = False


_components: dict[str, Component] = {}
_uses: list[Callable[[], bool]] = []


def component(
    name: str,
    *,
    target: MakeTarget,
    versions: Callable[[], list[int]],
    applier: Applier,
    disturbs: bool = False,
) -> None:
    """Register a component; once, when the apps are ready."""
    _components[name] = Component(name, target, versions, applier, disturbs)


def components() -> list[Component]:
    """All of them, in the order of registration."""
    return list(_components.values())


def component_of(name: str) -> Component | None:
    """The component of a name; None for one that this release does not know."""
    return _components.get(name)


def in_use(probe: Callable[[], bool]) -> None:
    """Say how to tell that somebody is at the kiosk just now."""
    _uses.append(probe)


def is_in_use() -> bool:
    """Whether somebody is at the kiosk just now."""
    return any(probe() for probe in _uses)
