"""Under which name we send. A browser binds its subscription to one VAPID key, and is served under that one for ever.

A kiosk sends under its shop's key, which it has on lease, so that subscriptions survive a kiosk that is replaced; until
it was lent one, under a key of its own. The cloud has its own.
"""

from collections.abc import Callable

from django.conf import settings

from edgeshop.fleet.services import lease, lease_before
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.errors import LeaseExpired, LeaseMissing
from edgeshop.vault.services import VapidKey, load_vapid, read_vapid_secret

LEASE = "vapid"


def current_sender() -> VapidKey:
    """What new subscriptions are made for. Raises: KeystoreLocked."""
    return next((key for key in map(_tried, _lent()) if key is not None), None) or load_vapid()


def sender_of(kid: str) -> VapidKey:
    """The key that a subscription was made for; the empty name stands for the node's own, as before there were leases.

    Raises: LeaseMissing, LeaseExpired when it is not here, or not any more: the notice waits then.
    """
    over: LeaseExpired | None = None
    for read in _lent() if kid else []:
        try:
            key = read()
        except LeaseExpired as error:
            over = error
        except EdgeShopError:
            continue
        else:
            if key.kid == kid:
                return key
    own = load_vapid()
    if kid in {"", own.kid}:
        return own
    raise over or LeaseMissing("We do not have the key that this subscription was made for.", lease=LEASE)


def sender_named(public_key: str) -> VapidKey | None:
    """The key of ours that a browser names by its public half; None for somebody else's."""
    ours = [key for key in map(_tried, _lent()) if key is not None] + [load_vapid()]
    return next((key for key in ours if key.public_key == public_key), None)


def _lent() -> list[Callable[[], VapidKey]]:
    if settings.EDGESHOP.is_ledger:
        return []
    return [lambda: read_vapid_secret(lease(LEASE).value), lambda: read_vapid_secret(lease_before(LEASE).value)]


def _tried(read: Callable[[], VapidKey]) -> VapidKey | None:
    try:
        return read()
    except EdgeShopError:
        return None
