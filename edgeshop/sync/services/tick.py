"""The beat's tick on a kiosk: contact the cloud when something waits or its news are worth it, one at a time."""

import logging

from edgeshop.fleet.services import CloudClient
from edgeshop.fleet.services.policies import policy_here
from edgeshop.journal.services import unsent_batch
from edgeshop.kernel import clock, events
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.traffic import counted
from edgeshop.sync.services import backoff, grading
from edgeshop.sync.services.artefacts import fetch_artefacts
from edgeshop.sync.services.contact import Report, synchronise
from edgeshop.sync.services.downloads import fetch_bundles
from edgeshop.sync.services.egress.budget import budget_here
from edgeshop.sync.services.pictures import fetch_pictures
from edgeshop.sync.services.scheduling import is_time_for_news
from edgeshop.sync.services.state import is_out_of_reach, last_contact
from edgeshop.sync.services.turn import turn
from edgeshop.sync.services.watch import link_standing

log = logging.getLogger(__name__)
_GATHERED_S = 300.0  # on the dearest links facts wait so long for each other: one contact for all of them
_client: CloudClient | None = None
_given_up: float | None = None  # the last contact after which a connection was given up: once is enough
_was_up: bool | None = None


def is_due() -> bool:
    """Whether something waits, it is time to ask for news, or the cloud was away when it was last asked; not before
    its time after attempts whose bytes were for nothing."""
    if backoff.is_put_off():
        return False
    at = last_contact()
    if at is None or is_out_of_reach():
        return True
    if unsent_batch(1) is not None and _goes_at_once(at):
        return True
    return is_time_for_news(at)


def tick(*, force: bool = False) -> Report | None:
    """Synchronise if it is due and nobody else is at it; None when nothing was done or the cloud is out of reach.

    Raises nothing for a link that is down: that is a normal day, noted once when it changes.
    """
    with turn(wait=False) as mine:
        if not mine or not (force or is_due()):
            return None
        client = _connection()
        report = _synchronised(client)
        if report is not None:
            _fetch_files(client)
        return report


def _synchronised(client: CloudClient) -> Report | None:
    with counted() as moved:
        try:
            report = synchronise(client)
        except EdgeShopError as error:
            _note_link(is_up=False, why=f"{error.code} {error.fields}")
            if moved.up_bytes:
                backoff.put_off()
            return None
    backoff.forgive()
    _note_link(is_up=True, why="")
    return report


def _goes_at_once(last_s: float) -> bool:
    return grading.grade_here() != "D" or abs(clock.timestamp() - last_s) >= _GATHERED_S


def _connection() -> CloudClient:
    """The connection that is kept; another one when nothing has moved over it for three promised gaps."""
    global _client, _given_up
    at = last_contact()
    if _client is None:
        _client = CloudClient()
    elif at != _given_up and link_standing().is_stalled:
        log.warning("nothing has moved for three promised gaps: trying over a new connection")
        _client, _given_up = _client.again(), at
        grading.forget()
    return _client


def _fetch_files(client: CloudClient) -> None:
    """What a new kiosk needs to sell, whatever is left of the month; what else is large where the link and the month's
    money carry it."""
    fetch_bundles(client, goes_on=_carries_files)
    left, terms = budget_here(policy_here()).pool_bytes, grading.terms_here()
    if terms.takes_artefacts and left > 0:
        fetch_artefacts()
    if terms.takes_pictures and left > 0:
        fetch_pictures(client, bytes_max=left)


def _carries_files() -> bool:
    return grading.terms_here().takes_artefacts and budget_here(policy_here()).pool_bytes > 0


def _note_link(*, is_up: bool, why: str) -> None:
    global _was_up
    if is_up != _was_up:
        log.info("the cloud answers again" if is_up else "the cloud is out of reach (%s)", *([] if is_up else [why]))
        events.publish("link.changed", cloud="connected" if is_up else "alone")
        _was_up = is_up
