"""What the cloud lets a kiosk take uncleared: a grant by the policy for its level, and when a new one is due."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from edgeshop.checkout.models import Grant
from edgeshop.checkout.services.exposure import cleared, close_if_complete, exposure_of_older_epochs, open_windows
from edgeshop.checkout.services.grants import TYP, keep_grant, latest_grant
from edgeshop.checkout.services.numbers import made_receipt_secret
from edgeshop.fleet.models import IssuerKey, Kiosk
from edgeshop.fleet.services import cloud_key, revocations_version
from edgeshop.fleet.services.issuers import ready_issuer
from edgeshop.fleet.services.policies import rules_of
from edgeshop.kernel import clock
from edgeshop.kernel.ids import uuid7
from edgeshop.settings.knobs import Limits
from edgeshop.vault.services import thumbprint, write_jws


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
    keep_grant(jws, claims, kiosk_id)
    return jws


def _claims(kiosk: Kiosk, at: datetime, *, held: Grant | None = None) -> dict[str, Any]:
    """What a grant would say now. `held`: the last one, which has its place in the fleet's window already."""
    limits = _limits(kiosk)
    unit = 10**kiosk.shop.exponent
    back_minor, back_count = cleared(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    out_minor, out_count = exposure_of_older_epochs(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    issued = int(at.timestamp())
    window = max(0, limits.window * unit - out_minor)
    if held is None or held.window_minor < window:  # what the fleet has left is asked of every kiosk's grant
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


def _limits(kiosk: Kiosk) -> Limits:
    """What the trust level allows, or less where the rules of the kiosk's class say so."""
    limits: Limits = settings.EDGESHOP.checkout.limits[kiosk.trust_level]
    rules = rules_of(kiosk.pk)
    if rules is None:
        return limits
    return replace(
        limits,
        window=min(limits.window, rules.grants.window),
        order_max=min(limits.order_max, rules.grants.order_max),
        orders_max=min(limits.orders_max, rules.grants.orders_max),
    )


def _left_for(kiosk: Kiosk, at: datetime) -> int:
    """What the fleet's window has left for one kiosk."""
    fleet_minor: int = settings.EDGESHOP.checkout.fleet_window_max * 10**kiosk.shop.exponent
    return max(0, fleet_minor - open_windows(currency=kiosk.shop.currency, at=at, but=kiosk.pk))


def answer_grant(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """A grant when the kiosk lacks the latest, when that is past half its soft life, or when its ceilings moved; and
    what its receipt keys come from, when it lacks that.

    A box that is being enrolled asks for nothing and says nothing: `{}`.
    """
    if asked is None:
        return None
    epoch = Kiosk.objects.values_list("epoch", flat=True).get(pk=kiosk_id)
    if asked.get("epoch", epoch) < epoch:
        close_if_complete(kiosk_id=kiosk_id, last=asked.get("last"), at=clock.now())
    told: dict[str, Any] = {}
    if asked.get("receipts") != epoch:
        told["receipts"] = [epoch, made_receipt_secret(kiosk_id, epoch).hex()]
    known = latest_grant(kiosk_id=kiosk_id, epoch=epoch)
    if known is None or _is_worn(known) or _has_moved(known):
        told["grant"] = issue_grant(kiosk_id)
    elif asked.get("grant") != str(known.pk):
        told["grant"] = known.jws
    return told or None


def _is_worn(grant: Grant) -> bool:
    return clock.now() > grant.issued_at + (grant.soft_at - grant.issued_at) / 2 or grant.soft_at < clock.now()


def _has_moved(grant: Grant) -> bool:
    """Whether a new grant would say something else; not looked at in its first minute, for it costs some queries."""
    if clock.now() - grant.issued_at < timedelta(minutes=1):
        return False
    fresh = _claims(Kiosk.objects.select_related("shop").get(pk=grant.kiosk_id), clock.now(), held=grant)
    return any(fresh[name] != grant.claims[name] for name in ("level", "order_max", "sum_ceil", "count_ceil", "cnf"))
