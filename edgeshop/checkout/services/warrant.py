"""What the cloud itself has signed for: the ledger's own reading of a grant, against which a kiosk's sales are held."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from edgeshop.checkout.models import Grant
from edgeshop.checkout.services.grants import TYP, latest_grant
from edgeshop.fleet.services.issuers import jwk_of, settles
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import authority_now, peek_jws, verify_jws


@dataclass(frozen=True, slots=True)
class Warrant:
    """Cumulative ceilings of an epoch. Units: minor units. `problem` is why a person has to look anyway."""

    sum_minor: int
    count: int
    order_max_minor: int
    problem: str = ""


def warrant_of(*, kiosk_id: int, epoch: int) -> Warrant:
    """The ceilings of an epoch's last grant, as far as an issuer key of ours stands for them.

    A row that somebody has written or changed without the key is worth nothing; a grant by a key that is retired for
    settling is worth what it says, and a look.
    """
    grant = latest_grant(kiosk_id=kiosk_id, epoch=epoch)
    if grant is None:
        return Warrant(0, 0, 0, "no grant")
    try:
        claims = _own_word(grant.jws)
    except EdgeShopError as wrong:
        return Warrant(0, 0, 0, wrong.code)
    if (claims["jti"], claims["sub"], claims["epoch"]) != (str(grant.pk), kiosk_id, epoch):
        return Warrant(0, 0, 0, "another grant")
    return _lesser(grant, claims, problem_with(grant.jws, at=authority_now()))


def problem_with(jws: str, *, at: datetime) -> str:
    """Why a person has to look at what was sold on this grant; empty while its issuer key settles."""
    return "" if settles(str(peek_jws(jws)[0].get("kid")), at=at) else "issuer retired"


def _own_word(jws: str) -> dict[str, Any]:
    """The claims of a grant that any issuer key of ours has signed. Raises: BadSignature and the like, InvalidInput."""
    kid = str(peek_jws(jws)[0].get("kid"))
    return verify_jws(jws, jwk=jwk_of(kid) or {}, typ=TYP)


def _lesser(grant: Grant, claims: dict[str, Any], problem: str) -> Warrant:
    return Warrant(
        min(grant.sum_ceil_minor, claims["sum_ceil"]),
        min(grant.count_ceil, claims["count_ceil"]),
        min(grant.order_max_minor, claims["order_max"]),
        problem,
    )
