"""Secrets that the cloud keeps to lend them: added, rotated with overlap, revoked. Values go in and never come out."""

from dataclasses import dataclass

from django.db import transaction

from edgeshop.fleet.models import LeaseSecret, Shop
from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.services import keystore, new_vapid_secret
from edgeshop.vault.services.keystore import NAME
from edgeshop.vault.services.lease_form import VALUE_CHARS_MAX

VAPID = "vapid"
SEAL_KEY = "leases"
LIFE_S = 30 * 24 * 3600
LIFE_S_MIN = 3600  # below that, a lease would be over before a kiosk at a slow link has renewed it


@dataclass(frozen=True, slots=True)
class Kept:
    """What counts of one name: the version in force, the one it replaced, and which of all are revoked."""

    now: LeaseSecret
    before: LeaseSecret | None
    revoked: frozenset[int]


@transaction.atomic
def keep_secret(*, shop_id: int, name: str, value: str, life_s: int = LIFE_S) -> int:
    """Keep a secret for a shop, as its first version or the next one; answers the version.

    Whoever accepts the secret must take the version before it for as long as a lease lives: kiosks that are cut off
    still use it. Raises: InvalidInput. Effect: kiosks are given it at their next contacts.
    """
    if not NAME.fullmatch(name) or not 0 < len(value) <= VALUE_CHARS_MAX or life_s < LIFE_S_MIN:
        raise InvalidInput("A secret has a short plain name, a value, and lives for an hour at least.", name=name[:80])
    Shop.objects.select_for_update().get(pk=shop_id)  # of a first version there is no row yet that could be locked
    known = LeaseSecret.objects.select_for_update().filter(shop=shop_id, name=name).order_by("-ver")
    ver = 1 + max((secret.ver for secret in known), default=0)
    now = clock.now()
    known.filter(superseded_at=None).update(superseded_at=now)
    sealed = keystore().seal(SEAL_KEY, value.encode(), _place(shop_id, name, ver))
    LeaseSecret.objects.create(shop_id=shop_id, name=name, ver=ver, sealed=sealed, life_s=life_s, made_at=now)
    return ver


def renew_vapid(*, shop_id: int) -> int:
    """A fresh VAPID key for a shop; answers its version. Raises: KeystoreLocked."""
    return keep_secret(shop_id=shop_id, name=VAPID, value=new_vapid_secret())


@transaction.atomic
def ready_vapid(*, shop_id: int) -> None:
    """Make a shop's first VAPID key, once, however many kiosks ask at the same time. Raises: KeystoreLocked."""
    Shop.objects.select_for_update().get(pk=shop_id)
    if not LeaseSecret.objects.filter(shop=shop_id, name=VAPID).exists():
        renew_vapid(shop_id=shop_id)


def revoke_secret(*, shop_id: int, name: str) -> int:
    """All versions of a secret are over, now; answers how many were not yet. The next version kept lifts that."""
    alive = LeaseSecret.objects.filter(shop=shop_id, name=name, revoked_at=None)
    return alive.update(revoked_at=clock.now())


def secrets_of(shop_id: int) -> list[Kept]:
    """The names of a shop with the versions that count, in order of name. One query."""
    kept: dict[str, list[LeaseSecret]] = {}
    for secret in LeaseSecret.objects.filter(shop=shop_id).order_by("name", "-ver"):
        kept.setdefault(secret.name, []).append(secret)
    return [_counted(found) for found in kept.values()]


def _counted(found: list[LeaseSecret]) -> Kept:
    revoked = frozenset(secret.ver for secret in found if secret.revoked_at)
    return Kept(found[0], found[1] if len(found) > 1 else None, revoked)


def reveal(secret: LeaseSecret) -> str:
    """The value, to seal it for a kiosk. Raises: KeyMissing, SealBroken."""
    place = _place(secret.shop_id, secret.name, secret.ver)
    return keystore().open_sealed(SEAL_KEY, bytes(secret.sealed), place).decode()


def _place(shop_id: int, name: str, ver: int) -> bytes:
    return f"lease-secret/{shop_id}/{name}/{ver}".encode()
