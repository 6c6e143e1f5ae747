"""How much of its grant a kiosk has left."""

from dataclasses import dataclass

from edgeshop.checkout.models import Allocator, Grant
from edgeshop.checkout.services.fallen import cut_for
from edgeshop.checkout.services.grants import latest_grant
from edgeshop.checkout.services.numbers import reserved_minor
from edgeshop.checkout.services.pausing import is_paused
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import DEVICE_KEY, hot_key, revocations_version
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import authority_now, level_for


@dataclass(frozen=True, slots=True)
class Room:
    """What a kiosk may still let go uncleared. Units: minor units. Without a grant there is none."""

    grant: Grant | None
    sum_minor: int
    count: int
    order_max_minor: int


def room(*, kiosk: Kiosk, allocator: Allocator) -> Room:
    """What is left of the present grant after sales on it and numbers that are out; nothing when it may not be used."""
    grant = latest_grant(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    if grant is None or is_paused() or not _is_usable(grant, kiosk):
        return Room(None, 0, 0, 0)
    held_minor, held_count = reserved_minor(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    cut = cut_for(grant.claims["level"], order_max_minor=grant.order_max_minor, exponent=kiosk.shop.exponent)
    sum_left = max(0, grant.sum_ceil_minor - cut.sum_minor - allocator.spent_minor - held_minor)
    count_left = max(0, grant.count_ceil - cut.count - allocator.spent_count - held_count)
    return Room(grant, sum_left, count_left, cut.order_max_minor)


def _is_bound_to_us(grant: Grant) -> bool:
    """Whether this box can sign with the device key that the grant names, or with the spare that it vouched for."""
    jkt = grant.claims.get("cnf", {}).get("jkt")
    try:
        return jkt is None or (level_for(DEVICE_KEY, jkt) is not None and bool(hot_key().kid))
    except EdgeShopError:
        return False


def _is_usable(grant: Grant, kiosk: Kiosk) -> bool:
    """Whether a grant still counts here: in time, on the box it is bound to, and on a kiosk that is not revoked, as far
    as it can know: it must have seen the revocation list that the grant asks for."""
    is_revoked = kiosk.revoked_at is not None or grant.claims.get("revocations_min", 0) > revocations_version()
    return grant.hard_at > authority_now() and not is_revoked and _is_bound_to_us(grant)
