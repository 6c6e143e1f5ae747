"""The beat's tick on a kiosk: contact the cloud when something waits or the last word is old, one at a time."""

import logging

from django.conf import settings

from edgeshop.fleet.services import CloudClient
from edgeshop.journal.services import unsent_batch
from edgeshop.kernel import clock, events
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.services.artefacts import fetch_artefacts
from edgeshop.sync.services.contact import Report, synchronise
from edgeshop.sync.services.downloads import fetch_bundles
from edgeshop.sync.services.pictures import fetch_pictures
from edgeshop.sync.services.state import is_out_of_reach, last_contact
from edgeshop.sync.services.turn import turn

log = logging.getLogger(__name__)
_client: CloudClient | None = None
_was_up: bool | None = None


def is_due() -> bool:
    """Whether something waits, it is time to ask for news, or the cloud was away when it was last asked."""
    at = last_contact()
    idle = at is None or abs(clock.timestamp() - at) >= settings.EDGESHOP.sync.idle_contact_s
    return idle or is_out_of_reach() or unsent_batch(1) is not None


def tick(*, force: bool = False) -> Report | None:
    """Synchronise if it is due and nobody else is at it; None when nothing was done or the cloud is out of reach.

    Raises nothing for a link that is down: that is a normal day, noted once when it changes.
    """
    global _client
    with turn(wait=False) as mine:
        if not mine or not (force or is_due()):
            return None
        _client = _client or CloudClient()
        try:
            report = synchronise(_client)
        except EdgeShopError as error:
            _note_link(is_up=False, why=f"{error.code} {error.fields}")
            return None
        _note_link(is_up=True, why="")
        fetch_bundles(_client)
        fetch_artefacts()
        fetch_pictures(_client)
        return report


def _note_link(*, is_up: bool, why: str) -> None:
    global _was_up
    if is_up != _was_up:
        log.info("the cloud answers again" if is_up else "the cloud is out of reach (%s)", *([] if is_up else [why]))
        events.publish("link.changed", cloud="connected" if is_up else "alone")
        _was_up = is_up
