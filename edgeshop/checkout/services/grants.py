"""Grants: issued by the cloud, installed by the kiosk, and how much of one is left.

Both ceilings are cumulative over an epoch: what the kiosk has spent only rises, and the cloud raises the ceiling by
what has cleared. A grant that comes late or twice therefore never gives more than it should.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from edgeshop.checkout.errors import GrantInvalid
from edgeshop.checkout.models import Allocator, Grant
from edgeshop.checkout.services.exposure import cleared, exposure_of_older_epochs
from edgeshop.checkout.services.numbers import reserved_minor
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import cloud_key, revocations_version
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.ids import uuid7
from edgeshop.vault.services import peek_jws, thumbprint, verify_jws, write_jws

TYP = "grant+jwt"


@dataclass(frozen=True, slots=True)
class Room:
    """What a kiosk may still let go uncleared. Units: minor units. Without a grant there is none."""

    grant: Grant | None
    sum_minor: int
    count: int
    order_max_minor: int


@transaction.atomic
def issue_grant(kiosk_id: int) -> str:
    """On the cloud: a fresh grant for a kiosk's present epoch, by the policy for its trust level; answers the JWS.

    The ceilings are the policy's window on top of what has cleared, less what older epochs still have outside:
    restoring a disk again and again wins nobody a second window.
    """
    kiosk = Kiosk.objects.select_related("shop").get(pk=kiosk_id)
    at = clock.now().replace(microsecond=0)
    claims = _claims(kiosk, at)
    jws = write_jws(signer=cloud_key(), typ=TYP, claims=claims)
    _keep(jws, claims, kiosk_id)
    return jws


def _claims(kiosk: Kiosk, at: datetime) -> dict[str, Any]:
    limits = settings.EDGESHOP.checkout.limits[kiosk.trust_level]
    unit = 10**kiosk.shop.exponent
    back_minor, back_count = cleared(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    out_minor, out_count = exposure_of_older_epochs(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    issued = int(at.timestamp())
    return {
        "jti": str(uuid7()),
        "sub": kiosk.pk,
        "epoch": kiosk.epoch,
        "level": kiosk.trust_level,
        "iat": issued,
        "soft": issued + limits.soft_s,
        "exp": issued + limits.hard_s,
        "currency": kiosk.shop.currency,
        "order_max": limits.order_max * unit,
        "sum_ceil": max(0, limits.window * unit + back_minor - out_minor),
        "count_ceil": max(0, limits.orders_max + back_count - out_count),
        "book_min": 1,
        "numbers": {"epoch": kiosk.epoch, "from": 1},
        "revocations_min": revocations_version(),
        "cnf": {"jkt": thumbprint(kiosk.device_jwk)} if kiosk.device_jwk else {},
    }


@transaction.atomic
def install_grant(jws: str) -> Grant:
    """On the kiosk: keep a grant that our cloud has signed for us. Safe to repeat.

    Raises: GrantInvalid for another signer, another kiosk or anything that is no grant; nothing is kept then.
    """
    kiosk = this_kiosk()
    claims = _verified(jws, kiosk.cloud_jwks)
    if claims.get("sub") != kiosk.pk or claims.get("currency") != kiosk.shop.currency:
        raise GrantInvalid("This grant is for another kiosk.", kiosk_id=kiosk.pk)
    return _keep(jws, claims, kiosk.pk)


def _verified(jws: str, jwks: list[dict[str, str]]) -> dict[str, Any]:
    try:
        kid = peek_jws(jws)[0].get("kid")
        for jwk in jwks:
            if thumbprint(jwk) == kid:
                return verify_jws(jws, jwk=jwk, typ=TYP)
    except EdgeShopError as wrong:
        raise GrantInvalid("This grant is not what our cloud signed.", code=wrong.code) from wrong
    raise GrantInvalid("This grant is signed by nobody we know.", kid=str(kid)[:64])


def _keep(jws: str, claims: dict[str, Any], kiosk_id: int) -> Grant:
    times = {name: datetime.fromtimestamp(claims[key], UTC) for name, key in _TIMES.items()}
    return Grant.objects.get_or_create(
        pk=claims["jti"],
        defaults={
            "kiosk_id": kiosk_id,
            "epoch": claims["epoch"],
            "jws": jws,
            "claims": claims,
            "order_max_minor": claims["order_max"],
            "sum_ceil_minor": claims["sum_ceil"],
            "count_ceil": claims["count_ceil"],
            "book_min": claims["book_min"],
            **times,
        },
    )[0]


_TIMES = {"issued_at": "iat", "soft_at": "soft", "hard_at": "exp"}


def latest_grant(*, kiosk_id: int, epoch: int) -> Grant | None:
    """The newest grant of an epoch, expired or not."""
    return Grant.objects.filter(kiosk=kiosk_id, epoch=epoch).order_by("-issued_at", "-id").first()


def room(*, kiosk: Kiosk, allocator: Allocator, at: datetime) -> Room:
    """What is left of the present grant after sales on it and numbers that are out; nothing past its hard expiry.

    Nothing either on a kiosk that is revoked, or that has not seen the revocation list that its grant asks for.
    """
    grant = latest_grant(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    if grant is None or grant.hard_at <= at or not may_use_grants(kiosk, grant.claims.get("revocations_min", 0)):
        return Room(None, 0, 0, 0)
    held_minor, held_count = reserved_minor(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    sum_left = max(0, grant.sum_ceil_minor - allocator.spent_minor - held_minor)
    count_left = max(0, grant.count_ceil - allocator.spent_count - held_count)
    return Room(grant, sum_left, count_left, grant.order_max_minor)


def may_use_grants(kiosk: Kiosk, revocations_min: int) -> bool:
    """Whether this kiosk, as far as it knows, is still trusted with uncleared money."""
    return kiosk.revoked_at is None and revocations_min <= revocations_version()


def ask_grant() -> dict[str, Any]:
    """What the kiosk says about its grant in a contact."""
    kiosk = this_kiosk()
    grant = latest_grant(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    return {"epoch": kiosk.epoch, "grant": str(grant.pk) if grant else None}


def answer_grant(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, str] | None:
    """A grant when the kiosk lacks the latest, when that is past half its soft life, or when its ceilings moved."""
    if asked is None:
        return None
    epoch = Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id)
    known = latest_grant(kiosk_id=kiosk_id, epoch=epoch)
    if known is None or _is_worn(known) or _has_moved(known):
        return {"grant": issue_grant(kiosk_id)}
    return None if asked.get("grant") == str(known.pk) else {"grant": known.jws}


def _is_worn(grant: Grant) -> bool:
    return clock.now() > grant.issued_at + (grant.soft_at - grant.issued_at) / 2 or grant.soft_at < clock.now()


def _has_moved(grant: Grant) -> bool:
    """Whether a new grant would say something else; looked at once a minute at most, for it costs four queries."""
    if clock.now() - grant.issued_at < timedelta(minutes=1):
        return False
    fresh = _claims(Kiosk.objects.select_related("shop").get(pk=grant.kiosk_id), clock.now())
    return any(fresh[name] != grant.claims[name] for name in ("level", "order_max", "sum_ceil", "count_ceil", "cnf"))


def take_grant(told: dict[str, str]) -> None:
    """The kiosk's end of the section."""
    install_grant(told["grant"])
