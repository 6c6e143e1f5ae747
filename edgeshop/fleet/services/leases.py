"""The leases of this kiosk: what others on it may read, cable or not."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from edgeshop.fleet.errors import NotEnrolled
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services.keys import subject_of
from edgeshop.kernel import clock
from edgeshop.vault.services import Lease, LeaseFolder, Renewals, Standing, Trust, authority_s, keystore


@dataclass(slots=True)
class Lent:
    """What this process knows of its node's leases: the folder, when to ask again, whether our key must be shown."""

    folder: LeaseFolder
    renewals: Renewals = field(default_factory=lambda: Renewals(now_s=lambda: clock.boot_s()))
    must_introduce: bool = False


def lent() -> Lent:
    """This node's, the same each time in one process. On the cloud, which lends, the folder is empty."""
    return _lent(Path(settings.EDGESHOP.state_dir) / "leases")


@lru_cache(maxsize=8)  # one per process in a shop, a few in tests
def _lent(path: Path) -> Lent:
    return Lent(LeaseFolder(path, keystore=keystore, trust=_trust, now_s=authority_s))


def _trust() -> Trust:
    kiosk = this_kiosk()
    return Trust(device_of(kiosk), kiosk.cloud_jwks)


def device_of(kiosk: Kiosk) -> str:
    """A kiosk in its shop: in another shop it has no use for this one's secrets."""
    return f"{subject_of(kiosk.pk)}/shop/{kiosk.shop_id}"


def lease(name: str) -> Lease:
    """A secret of our shop, with no network in its way. Raises: LeaseMissing, LeaseExpired, SealBroken."""
    return lent().folder.lease(name)


def lease_before(name: str) -> Lease:
    """The version that it replaced. Raises: as `lease`."""
    return lent().folder.lease_before(name)


def lease_standings() -> list[Standing]:
    """How each lease of this kiosk stands; no values. Nothing for a box that was given none, or is nobody's."""
    try:
        return lent().folder.standings()
    except NotEnrolled:
        return []
