"""A spare key for the day the chip is gone: in a file, vouched for by the chip while it was there.

What the spare signs is worth level 1, however high the chip's level was: whoever reads the certificate must lower the
node that shows it. It does not end by itself, for a chip may die years after the shop opened; revoking the node does.
"""

from collections.abc import Mapping
from typing import Any

from edgeshop.kernel import clock
from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services.jws import peek_jws, sign_jws, verify_jws
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.p256 import Jwk, thumbprint

TYP = "spare+cert"
USE = "spare"
LEVEL = 1
HEADER = "via"  # where a hot certificate carries it


def vouch_for(spare: Jwk, *, keystore: Keystore, key: str) -> str:
    """The certificate of a spare key, by the named key of a keystore. Raises: KeyMissing."""
    claims = {"jwk": spare, "iat": int(clock.timestamp()), "use": USE}
    return sign_jws(keystore=keystore, key=key, typ=TYP, claims=claims)


def device_kid(header: Mapping[str, Any]) -> str:
    """The name of the device key behind a signature: the chip's, also when its spare signed. A claim, until checked.

    Raises: BadSignature.
    """
    return str((peek_jws(header[HEADER])[0] if HEADER in header else header).get("kid"))


def is_by_spare(header: Mapping[str, Any], *, issuer_jwk: Mapping[str, Any]) -> bool:
    """Whether something with this header claims to be signed by a spare of the issuer's key."""
    return HEADER in header and header.get("kid") != thumbprint(issuer_jwk)


def issuer_of(header: Mapping[str, Any], *, issuer_jwk: Mapping[str, Any]) -> Mapping[str, Any]:
    """The key to check with: the issuer's own, or the spare that it vouches for. Raises: BadSignature, WrongType."""
    if not is_by_spare(header, issuer_jwk=issuer_jwk):
        return issuer_jwk
    claims = verify_jws(header[HEADER], jwk=issuer_jwk, typ=TYP)
    jwk = claims.get("jwk")
    if claims.get("use") != USE or not isinstance(jwk, dict):
        raise BadSignature("This certificate is not one of a spare key.")
    return jwk
