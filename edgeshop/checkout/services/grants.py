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
from edgeshop.checkout.services.exposure import cleared, close_if_complete, exposure_of_older_epochs, open_windows
from edgeshop.checkout.services.fallen import cut_for
from edgeshop.checkout.services.numbers import reserved_minor
from edgeshop.checkout.services.pausing import is_paused
from edgeshop.fleet.models import IssuerKey, Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import DEVICE_KEY, cloud_key, hot_key, revocations_version
from edgeshop.fleet.services.issuers import ready_issuer
from edgeshop.journal.services import head_file
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.ids import uuid7
from edgeshop.vault.services import authority_now, level_for, peek_jws, thumbprint, verify_jws, write_jws

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
    restoring a disk again and again wins nobody a second window. All windows of a currency together stay within the
    fleet's: what is left of that bounds the last ones. One grant at a time, so that two do not share the same rest.
    """
    IssuerKey.objects.select_for_update().get(pk=ready_issuer().pk)
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
    window = max(0, min(limits.window * unit, _left_for(kiosk, at)) - out_minor)
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
        "window": window,
        "sum_ceil": window + back_minor,
        "count_ceil": max(0, limits.orders_max - out_count) + back_count,
        "book_min": 1,
        "numbers": {"epoch": kiosk.epoch, "from": 1},
        "revocations_min": revocations_version(),
        "cnf": {"jkt": thumbprint(kiosk.device_jwk)} if kiosk.device_jwk else {},
    }


def _left_for(kiosk: Kiosk, at: datetime) -> int:
    """What the fleet's window has left for one kiosk."""
    fleet_minor: int = settings.EDGESHOP.checkout.fleet_window_max * 10**kiosk.shop.exponent
    return max(0, fleet_minor - open_windows(currency=kiosk.shop.currency, at=at, but=kiosk.pk))


@transaction.atomic
def install_grant(jws: str) -> Grant:
    """On the kiosk: keep a grant that our cloud has signed for us. Safe to repeat.

    Raises: GrantInvalid for another signer, another kiosk or anything that is no grant; nothing is kept then.
    """
    kiosk = this_kiosk()
    claims = read_grant(jws, kiosk.cloud_jwks)
    demand_ours(claims, kiosk_id=kiosk.pk, currency=kiosk.shop.currency)
    return _keep(jws, claims, kiosk.pk)


def demand_ours(claims: dict[str, Any], *, kiosk_id: int, currency: str) -> None:
    """Raises: GrantInvalid when the claims are another kiosk's."""
    if claims.get("sub") != kiosk_id or claims.get("currency") != currency:
        raise GrantInvalid("This grant is for another kiosk.", kiosk_id=kiosk_id)


def read_grant(jws: str, jwks: list[dict[str, str]]) -> dict[str, Any]:
    """The claims of a grant, when one of these issuer keys has signed it. Raises: GrantInvalid."""
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
            "window_minor": claims.get("window", claims["sum_ceil"]),
            "book_min": claims["book_min"],
            **times,
        },
    )[0]


_TIMES = {"issued_at": "iat", "soft_at": "soft", "hard_at": "exp"}


def latest_grant(*, kiosk_id: int, epoch: int) -> Grant | None:
    """The newest grant of an epoch, expired or not."""
    return Grant.objects.filter(kiosk=kiosk_id, epoch=epoch).order_by("-issued_at", "-id").first()


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


def ask_grant() -> dict[str, Any]:
    """What the kiosk says about its grant in a contact; `last` is its journal's last word: epoch, number, chain."""
    kiosk, last = this_kiosk(), head_file.read()
    grant = latest_grant(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    said: dict[str, Any] = {"epoch": kiosk.epoch, "grant": str(grant.pk) if grant else None}
    if last is not None and last.device_id == kiosk.pk:
        said["last"] = [last.epoch, last.seq, last.chain]
    return said


def answer_grant(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, str] | None:
    """A grant when the kiosk lacks the latest, when that is past half its soft life, or when its ceilings moved.

    A box that is being enrolled asks for nothing and says nothing: `{}`.
    """
    if asked is None:
        return None
    epoch = Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id)
    if asked.get("epoch", epoch) < epoch:
        close_if_complete(kiosk_id=kiosk_id, last=asked.get("last"), at=clock.now())
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
