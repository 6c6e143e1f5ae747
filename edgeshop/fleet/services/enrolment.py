"""How a box becomes a kiosk: a one-time code from the cloud's admin, and the box's own key."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from edgeshop.fleet.errors import CodeRefused, StillUnsent
from edgeshop.fleet.models import EnrolmentCode, HotKey, Kiosk, Shop
from edgeshop.fleet.services.epochs import issue_epoch
from edgeshop.fleet.services.keys import cloud_jwks, ready_keys
from edgeshop.journal.models import Chain
from edgeshop.journal.services import open_chain, rebase_unsent, unsent
from edgeshop.kernel import clock
from edgeshop.vault.services import thumbprint

_LIFE = timedelta(minutes=15)
_TRIES = 5
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that looks like a digit
_SELECTOR_CHARS = 5
SHOP_FIELDS = ("name", "currency", "exponent", "inclusive", "timezone", "languages", "default_language", "region")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a new kiosk is told: who it is, where it stands, and whose word it may trust."""

    kiosk_id: int
    kiosk_name: str
    shop_id: int
    shop: dict[str, Any]
    epoch: int
    trust_level: int
    cloud_jwks: list[dict[str, str]]


def new_code(kiosk: Kiosk) -> str:
    """A fresh code for a kiosk, to be shown once: 68 bits, good for 15 minutes and 5 tries. An older one lapses.

    Effect: the cloud has a key of its own from the first code on, for that is what a new kiosk will trust.
    """
    ready_keys(is_ledger=True)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(14))
    fresh = {"selector": code[:_SELECTOR_CHARS], "code_sha256": _digest(code), "tries_left": _TRIES}
    EnrolmentCode.objects.update_or_create(kiosk=kiosk, defaults=fresh | {"expires_at": clock.now() + _LIFE})
    return f"{code[:5]}-{code[5:10]}-{code[10:]}"


def enrol(*, code: str, device_jwk: dict[str, str], trust_level: int) -> Enrolled:
    """Make the box that holds `device_jwk` the kiosk that the code was made for.

    Raises: InvalidInput for an odd key, CodeRefused; a code that is nearly right has lost one of its tries then.
    Effect: the code is used up, the kiosk has a new epoch, and an earlier box does not speak for it any more.
    """
    thumbprint(device_jwk)
    with transaction.atomic():
        kiosk = _redeem("".join(c for c in code.upper() if c in _ALPHABET))
        if kiosk is not None:
            return _admit(kiosk, device_jwk, trust_level)
    raise CodeRefused("This code is not good any more. Ask the cloud's admin for a new one.")


def _redeem(code: str) -> Kiosk | None:
    """The kiosk of a live code, which is used up; None, and one try less, when the code is wrong."""
    live = EnrolmentCode.objects.select_for_update().filter(tries_left__gt=0, expires_at__gt=clock.now())
    found = live.filter(selector=code[:_SELECTOR_CHARS]).first()
    if found is None:
        return None
    if not hmac.compare_digest(found.code_sha256, _digest(code)):
        EnrolmentCode.objects.filter(pk=found.pk).update(tries_left=F("tries_left") - 1)
        return None
    found.delete()
    return Kiosk.objects.select_related("shop").get(pk=found.kiosk_id)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _admit(kiosk: Kiosk, device_jwk: dict[str, str], trust_level: int) -> Enrolled:
    epoch = issue_epoch(kiosk.pk)
    Kiosk.objects.filter(pk=kiosk.pk).update(
        device_jwk=device_jwk, trust_level=trust_level, enrolled_at=clock.now(), revoked_at=None
    )
    HotKey.objects.filter(kiosk=kiosk).delete()
    shop = {name: getattr(kiosk.shop, name) for name in SHOP_FIELDS}
    return Enrolled(kiosk.pk, kiosk.name, kiosk.shop_id, shop, epoch, trust_level, cloud_jwks())


def revoke(kiosk_id: int) -> None:
    """Do not believe this kiosk any more: what it still sends goes into quarantine, and it is told nothing.

    A new enrolment of a box for it ends that.
    """
    Kiosk.objects.filter(pk=kiosk_id, revoked_at=None).update(revoked_at=clock.now())


@transaction.atomic
def adopt(told: Enrolled) -> Kiosk:
    """On the box: become the kiosk that the cloud says we are, and open its journal.

    Raises: StillUnsent when this box holds sales of another kiosk that the cloud has not acknowledged.
    """
    if unsent().count and not Chain.objects.filter(is_own=True, device_id=told.kiosk_id).exists():
        raise StillUnsent("This box holds sales of another kiosk. Send them first: manage.py sync.")
    shop, _ = Shop.objects.update_or_create(pk=told.shop_id, defaults=told.shop)
    Kiosk.objects.filter(is_self=True).exclude(pk=told.kiosk_id).update(is_self=False)
    kiosk, _ = Kiosk.objects.update_or_create(
        pk=told.kiosk_id,
        defaults={
            "shop": shop,
            "name": told.kiosk_name,
            "epoch": told.epoch,
            "trust_level": told.trust_level,
            "cloud_jwks": told.cloud_jwks,
            "issuers_at": None,
            "enrolled_at": clock.now(),
            "is_self": True,
            "is_epoch_stale": False,
        },
    )
    open_chain(device_id=kiosk.pk, epoch=told.epoch)
    rebase_unsent()
    return kiosk
