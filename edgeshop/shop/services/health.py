"""How this kiosk is, from what it can see itself, in the words of the API."""

from typing import Literal

from django.conf import settings
from django.core.cache import cache

from edgeshop import __version__
from edgeshop.catalog.errors import NoPriceBook
from edgeshop.catalog.queries import current_book
from edgeshop.checkout.services import grant_level
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import lease_standings
from edgeshop.journal.models import Repair
from edgeshop.journal.services import unsent
from edgeshop.kernel import clock
from edgeshop.shop.schemas import (
    ArtefactsOut,
    CloudLink,
    DivergedOut,
    FirstSyncOut,
    GrantOut,
    HealthOut,
    KeysOut,
    LeaseOut,
    UnsentOut,
)
from edgeshop.sync.services import first_sync
from edgeshop.sync.services.state import is_out_of_reach, last_contact
from edgeshop.sync.services.watch import link_standing
from edgeshop.vault.services import authority_s, keystore_state
from edgeshop.vault.services.artefacts import standing

_SCREEN_WORD_LASTS_S = 15  # three heartbeats; a screen that has gone silent no longer counts
_SCREENS_MAX = 50
_SCREEN_UNSENT_MAX = 10_000


def health_out() -> HealthOut:
    """How this kiosk is, from what it can see itself; one without prices says how far it is. Raises: NotEnrolled."""
    kiosk, waiting, now = this_kiosk(), unsent(), clock.timestamp()
    book = _book(kiosk)
    at, keys = last_contact(), keystore_state()
    age = None if at is None else max(0.0, now - at)
    link = link_standing()
    in_time = age is not None and age < link.gap_s + 10
    state: Literal["connected", "alone"] = "connected" if in_time and not is_out_of_reach() else "alone"
    return HealthOut(
        status="ok",
        role="kiosk",
        kiosk_id=kiosk.pk,
        shop_id=kiosk.shop_id,
        version=__version__,
        cloud=CloudLink(state=state, last_contact_age_s=age, grade=link.grade, is_stalled=link.is_stalled),
        unsent=UnsentOut(
            count=waiting.count,
            oldest_age_s=None if waiting.oldest_at is None else max(0.0, now - waiting.oldest_at.timestamp()),
        ),
        screens_unsent=screens_unsent(),
        book=book,
        epoch=kiosk.epoch,
        epoch_is_stale=kiosk.is_epoch_stale,
        is_revoked=kiosk.revoked_at is not None,
        keys=KeysOut(expected=keys.expected, level=keys.level, problem=keys.problem),
        leases=[LeaseOut(name=s.name, state=s.state.value, soft=s.soft_s, hard=s.hard_s) for s in lease_standings()],
        artefacts=artefacts_out(),
        grant=grant_out(kiosk),
        first_sync=first_sync_out(book),
        diverged=[
            DivergedOut(stream=row.stream, since=row.since.timestamp(), is_resting=_is_resting(row, now))
            for row in Repair.objects.order_by("stream")
        ],
        mails_receipts=settings.EDGESHOP.push.sends_mail,
        now=authority_s(),
    )


def _book(kiosk: Kiosk) -> int:
    """The price book that counts; 0 while this kiosk has none."""
    try:
        return current_book(kiosk.shop_id)
    except NoPriceBook:
        return 0


def _is_resting(row: Repair, now: float) -> bool:
    return row.rests_until is not None and row.rests_until.timestamp() > now


def first_sync_out(book: int) -> FirstSyncOut | None:
    """How far this kiosk is with its first files; None when it has them all."""
    at = first_sync(book)
    if at is None:
        return None
    return FirstSyncOut(have=at.have, of=at.of, to_come=list(at.to_come), sellable=at.is_sellable)


def artefacts_out() -> ArtefactsOut:
    """How the signed artefacts stand."""
    now = standing()
    return ArtefactsOut(state=now.state, checked_age_s=now.checked_age_s)


def grant_out(kiosk: Kiosk) -> GrantOut:
    """The grant in the words of the API."""
    found = grant_level(kiosk)
    return GrantOut(
        level=found.level,
        state=found.state.value,
        window_minor=found.window_minor,
        used_minor=found.used_minor,
        soft_at=found.soft_at.timestamp() if found.soft_at else None,
        hard_at=found.hard_at.timestamp() if found.hard_at else None,
    )


def note_screen(screen: str, unsent_orders: int) -> None:
    """Remember what one screen says it still holds; heartbeats carry it. Nobody acts on it but people who look."""
    said = dict(cache.get("screens", {}))
    said[screen[:40]] = (clock.timestamp(), min(max(0, unsent_orders), _SCREEN_UNSENT_MAX))
    cache.set("screens", dict(sorted(said.items(), key=lambda item: item[1][0])[-_SCREENS_MAX:]), None)


def screens_unsent() -> int:
    """Orders that screens heard of lately hold and this kiosk does not have yet."""
    since = clock.timestamp() - _SCREEN_WORD_LASTS_S
    return sum(count for at, count in cache.get("screens", {}).values() if at > since)
