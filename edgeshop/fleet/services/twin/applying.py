"""On the kiosk: bring every component towards what is wanted of it, one process at a time."""

from pathlib import Path

from django.conf import settings

from edgeshop.fleet.components import Component, components, is_in_use
from edgeshop.fleet.models import HeldTwin
from edgeshop.fleet.services.twin.machine import Turn, advance
from edgeshop.fleet.services.twin.rows import keep, progress_of
from edgeshop.kernel import clock
from edgeshop.vault.services.durable_file import alone_in


def held_twin() -> HeldTwin:
    """The one row; empty on a kiosk that was told nothing yet."""
    return HeldTwin.objects.get_or_create(pk=1)[0]


def apply_wanted() -> None:
    """One turn of the apply machine for each component. Safe to call at any time and to kill anywhere.

    What is wanted of a component that this release does not know waits for a release that does.
    """
    with alone_in(Path(settings.EDGESHOP.state_dir) / "twin"):
        targets = held_twin().targets
        for part in components():
            if part.name in targets or progress_of(part.name).is_begun:
                _turn(part, targets.get(part.name))


def _turn(part: Component, wanted: dict[str, object] | None) -> None:
    is_busy = part.disturbs and is_in_use()
    advance(progress_of(part.name), wanted, Turn(part.applier, keep, clock.timestamp(), is_busy))
