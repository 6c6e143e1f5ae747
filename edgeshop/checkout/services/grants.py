"""Grants: read, kept and found again.

Both ceilings are cumulative over an epoch: what the kiosk has spent only rises, and the cloud raises the ceiling by
what has cleared. A grant that comes late or twice therefore never gives more than it should.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from edgeshop.checkout.errors import GrantInvalid
from edgeshop.checkout.models import Grant
from edgeshop.checkout.services.numbers import keep_receipt_secret, receipt_secret
from edgeshop.fleet.queries import this_kiosk, this_kiosk_id
from edgeshop.journal.services import head_file
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import peek_jws, thumbprint, verify_jws

TYP = "grant+jwt"
_TIMES = {"issued_at": "iat", "soft_at": "soft", "hard_at": "exp"}


@transaction.atomic
def install_grant(jws: str) -> Grant:
    """On the kiosk: keep a grant that our cloud has signed for us. Safe to repeat.

    Raises: GrantInvalid for another signer, another kiosk or anything that is no grant; nothing is kept then.
    """
    kiosk = this_kiosk()
    claims = read_grant(jws, kiosk.cloud_jwks)
    demand_ours(claims, kiosk_id=kiosk.pk, currency=kiosk.shop.currency)
    return keep_grant(jws, claims, kiosk.pk)


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


def keep_grant(jws: str, claims: dict[str, Any], kiosk_id: int) -> Grant:
    """The row of a grant; the first one of its id stays."""
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


def latest_grant(*, kiosk_id: int, epoch: int) -> Grant | None:
    """The newest grant of an epoch, expired or not."""
    return Grant.objects.filter(kiosk=kiosk_id, epoch=epoch).order_by("-issued_at", "-id").first()


def ask_grant() -> dict[str, Any]:
    """What the kiosk says about its grant in a contact; `last` is its journal's last word: epoch, number, chain."""
    kiosk, last = this_kiosk(), head_file.read()
    grant = latest_grant(kiosk_id=kiosk.pk, epoch=kiosk.epoch)
    said: dict[str, Any] = {"epoch": kiosk.epoch, "grant": str(grant.pk) if grant else None}
    if receipt_secret(kiosk_id=kiosk.pk, epoch=kiosk.epoch):
        said["receipts"] = kiosk.epoch
    if last is not None and last.device_id == kiosk.pk:
        said["last"] = [last.epoch, last.seq, last.chain]
    return said


def take_grant(told: dict[str, Any]) -> None:
    """The kiosk's end of the section."""
    if "receipts" in told:
        epoch, secret = told["receipts"]
        keep_receipt_secret(this_kiosk_id(), int(epoch), bytes.fromhex(secret))
    if "grant" in told:
        install_grant(told["grant"])
