"""Reading what one of this kiosk's processes has signed, today or long ago."""

from typing import Any

from edgeshop.fleet.services import DEVICE_KEY
from edgeshop.fleet.services.keys import subject_of
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services import Jwk, own_keys, peek_jws, thumbprint, verify_hot_certificate, verify_jws


def read_hot(token: str, *, typ: str, kiosk_id: int) -> dict[str, Any]:
    """The claims of a token by a hot key of this kiosk, whichever process and epoch it was.

    The hot key's certificate must have been good when the token was signed, not now: an order may come days later.
    Whether the token itself is over is the caller's to judge. Raises: BadSignature, WrongType, Expired.
    """
    header, claims = peek_jws(token)
    certificate, issued = header.get("cert"), claims.get("iat")
    if not isinstance(certificate, str) or type(issued) is not int:
        raise BadSignature("This token does not say who signed it, and when.")
    jwk = verify_hot_certificate(
        certificate, issuer_jwk=_issuer(certificate), now_s=issued, subject=subject_of(kiosk_id)
    )
    if header.get("kid") != thumbprint(jwk):
        raise BadSignature("This token names another key than its certificate.")
    return verify_jws(token, jwk=jwk, typ=typ)


def _issuer(certificate: str) -> Jwk:
    """The key of ours that signed this: what was signed with the chip holds without it, and the other way round."""
    kid, own = peek_jws(certificate)[0].get("kid"), own_keys(DEVICE_KEY)
    return next((jwk for jwk in own if thumbprint(jwk) == kid), own[0])
