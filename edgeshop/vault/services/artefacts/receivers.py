"""Who takes which artefact: apps above register what they do with a verified file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edgeshop.kernel.errors import InvalidInput

Take = Callable[[Path], None]
Rebuild = Callable[[Path], bytes]


@dataclass(frozen=True, slots=True)
class Receiver:
    """One artefact by its short name. `take` gets a verified file that is gone afterwards.

    `comes_by_itself`: whether a kiosk takes a new one as soon as it hears of it, or when a person says so. `rebuild`
    makes the new file of a verified delta and of what was taken last, and raises an EdgeShopError when it cannot.
    """

    name: str
    path: str
    take: Take
    comes_by_itself: bool
    rebuild: Rebuild | None = None


_receivers: dict[str, Receiver] = {}


def receive(name: str, *, path: str, take: Take, comes_by_itself: bool, rebuild: Rebuild | None = None) -> None:
    """Register what happens with an artefact. Taking the same file twice must be harmless."""
    _receivers[name] = Receiver(name, path, take, comes_by_itself, rebuild)


def receivers() -> list[Receiver]:
    """All of them, in the order of registration."""
    return list(_receivers.values())


def receiver_of(name: str) -> Receiver:
    """Raises: InvalidInput for a name that nobody registered."""
    try:
        return _receivers[name]
    except KeyError:
        raise InvalidInput("There is no artefact of this name.", name=name, known=sorted(_receivers)) from None


def delta_path(path: str, base_sha256: str) -> str:
    """Where the delta is published that leads to the artefact at `path` from its version of that digest."""
    return f"{path}.from-{base_sha256[:16]}"
