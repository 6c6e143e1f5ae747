"""How a box becomes a kiosk, on the cloud: a one-time code from its admin, and the box's own key."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from edgeshop.fleet.errors import CodeRefused
from edgeshop.fleet.models import EnrolmentCode, Kiosk
from edgeshop.fleet.services.certification import certificate_token, certify
from edgeshop.fleet.services.devices import install_device
from edgeshop.fleet.services.epochs import issue_epoch
from edgeshop.fleet.services.keys import cloud_jwks, ready_keys
from edgeshop.fleet.services.levels import claimed
from edgeshop.fleet.services.revocation import publish_revocations, revocations_newer_than
from edgeshop.journal import contact
from edgeshop.kernel import clock
from edgeshop.vault.services import read_request, thumbprint

_LIFE = timedelta(minutes=15)
_TRIES = 5
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that looks like a digit
_SELECTOR_CHARS = 5
SHOP_FIELDS = ("name", "currency", "exponent", "inclusive", "timezone", "languages", "default_language", "region")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a new kiosk is told: who it is, where it stands, whose word it may trust, and what it needs to sell.

    `welcome` holds what the apps say by their contact sections, the first grant among it.
    """

    kiosk_id: int
    kiosk_name: str
    shop_id: int
    shop: dict[str, Any]
    epoch: int
    trust_level: int
    cloud_jwks: list[dict[str, str]]
    certificate: str = ""
    revocations: dict[str, str] | None = None
    welcome: dict[str, Any] = field(default_factory=dict)


def new_code(kiosk: Kiosk) -> str:
    """A fresh code for a kiosk, to be shown once: 68 bits, good for 15 minutes and 5 tries. An older one lapses.

    Effect: the cloud has a key of its own from the first code on, for that is what a new kiosk will trust.
    """
    ready_keys(is_ledger=True)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(14))
    fresh = {"selector": code[:_SELECTOR_CHARS], "code_sha256": _digest(code), "tries_left": _TRIES}
    EnrolmentCode.objects.update_or_create(kiosk=kiosk, defaults=fresh | {"expires_at": clock.now() + _LIFE})
    return f"{code[:5]}-{code[5:10]}-{code[10:]}"


def enrol_by_request(*, code: str, csr: str, trust_level: int) -> Enrolled:
    """The same for a box that shows by its certificate request that it holds its key.

    Raises: InvalidInput, BadSignature, and then the code has lost none of its tries; CodeRefused.
    """
    return enrol(code=code, device_jwk=read_request(csr), trust_level=trust_level)


def enrol(*, code: str, device_jwk: dict[str, str], trust_level: int) -> Enrolled:
    """Make the box that holds `device_jwk` the kiosk that the code was made for. `trust_level` is what the box says.

    Raises: InvalidInput for an odd key, CodeRefused; a code that is nearly right has lost one of its tries then.
    Effect: the code is used up, the kiosk has a new epoch and a certified device; the one before is superseded.
    """
    thumbprint(device_jwk)
    with transaction.atomic():
        kiosk = _redeem("".join(c for c in code.upper() if c in _ALPHABET))
        if kiosk is not None:
            return _admit(kiosk, device_jwk, claimed(trust_level))
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
    device, superseded = install_device(kiosk, device_jwk, last_epoch=kiosk.epoch)
    epoch = issue_epoch(kiosk.pk)
    Kiosk.objects.filter(pk=kiosk.pk).update(
        device_jwk=device_jwk, trust_level=trust_level, enrolled_at=clock.now(), revoked_at=None
    )
    if superseded:
        publish_revocations()
    shop = {name: getattr(kiosk.shop, name) for name in SHOP_FIELDS}
    return Enrolled(
        kiosk_id=kiosk.pk,
        kiosk_name=kiosk.name,
        shop_id=kiosk.shop_id,
        shop=shop,
        epoch=epoch,
        trust_level=trust_level,
        cloud_jwks=cloud_jwks(),
        certificate=certificate_token(certify(device)),
        revocations=_as_text(revocations_newer_than(0)),
        welcome=_welcome(kiosk.pk),
    )


def _as_text(found: dict[str, Any] | None) -> dict[str, str] | None:
    """The list in JSON."""
    return found and {"token": found["token"], "bits": base64.b64encode(found["bits"]).decode("ascii")}


def _welcome(kiosk_id: int) -> dict[str, Any]:
    said = {s.name: s.answer(kiosk_id, {}) for s in contact.sections() if s.is_welcome}
    return {name: told for name, told in said.items() if told is not None}
