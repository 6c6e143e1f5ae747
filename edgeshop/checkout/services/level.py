"""How far a kiosk has used its grant, as a chip card would count: below the lower limit it sells and says nothing;
from there on it still sells, but tries hard to meet its cloud and tells staff; at the upper limit only cleared tenders,
counter and browse are left. Nobody waits for a network here: the contact is the workers' business.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from edgeshop.checkout.models import Allocator, Grant
from edgeshop.checkout.services.grants import latest_grant
from edgeshop.checkout.services.room import Room, room
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.kernel import events, jobs
from edgeshop.vault.services import authority_now

_AGAIN_S = 30  # between two urgent contacts: a link that is down does not come back by asking more often


class GrantState(StrEnum):
    """Where a kiosk stands on its grant."""

    OK = "ok"
    LOW = "low"
    USED_UP = "used_up"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class GrantLevel:
    """A kiosk's grant at a glance. Units: minor units; used are unpaid sales and what is reserved for tokens."""

    level: int
    state: GrantState
    window_minor: int
    used_minor: int
    soft_at: datetime | None
    hard_at: datetime | None


def grant_level(kiosk: Kiosk) -> GrantLevel:
    """Where this kiosk stands on its grant. At most three queries."""
    grant = latest_grant(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    if grant is None or grant.hard_at <= authority_now():
        times = (grant.soft_at, grant.hard_at) if grant else (None, None)
        return GrantLevel(kiosk.trust_level, GrantState.EXPIRED, 0, 0, *times)
    left = room(kiosk=kiosk, allocator=_allocator(kiosk))
    window = grant.window_minor
    used = min(window, max(0, window - left.sum_minor))
    return GrantLevel(kiosk.trust_level, _state(grant, left, used), window, used, grant.soft_at, grant.hard_at)


def _allocator(kiosk: Kiosk) -> Allocator:
    """The numbers' source as it is; one that has not been drawn from yet has spent nothing."""
    found = Allocator.objects.filter(kiosk=kiosk, epoch=kiosk.epoch).first()
    return found or Allocator(kiosk=kiosk, epoch=kiosk.epoch)


def _state(grant: Grant, left: Room, used_minor: int) -> GrantState:
    if not left.sum_minor or not left.count:
        return GrantState.USED_UP
    level = int(grant.claims.get("level", 0))
    lower_pct = settings.EDGESHOP.checkout.limits[level].lower_pct
    return GrantState.LOW if used_minor * 100 >= grant.window_minor * lower_pct else GrantState.OK


def watch_level() -> None:
    """After a sale on the grant: beyond the lower limit, ask the workers for a contact and nudge the staff's screens.

    Effect: after commit, the job `sync.now` and the event `grant.low`, once in half a minute at most.
    """
    transaction.on_commit(_watch)


def _watch() -> None:
    found = grant_level(this_kiosk())
    if found.state != GrantState.OK and cache.add("grant.urgent", True, _AGAIN_S):
        jobs.enqueue("sync.now")
        events.publish("grant.low", state=found.state, used_minor=found.used_minor, window_minor=found.window_minor)
