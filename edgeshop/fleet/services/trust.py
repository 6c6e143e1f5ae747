"""On the kiosk: whose word counts. What changes trust is signed by the cloud as such, not only as an answer."""

from typing import Any

from edgeshop.fleet.errors import TrustRefused
from edgeshop.fleet.queries import this_kiosk
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import peek_jws, thumbprint, verify_jws


def cloud_jwk_of(token: str) -> dict[str, str]:
    """The key of our cloud that a token names. Raises: TrustRefused when it names none that we trust."""
    try:
        kid = peek_jws(token)[0].get("kid")
    except EdgeShopError as wrong:
        raise TrustRefused("This is no token.", why=wrong.code) from wrong
    for jwk in this_kiosk().cloud_jwks:
        if thumbprint(jwk) == kid:
            return dict(jwk)
    raise TrustRefused("This is signed by nobody we know.", kid=str(kid)[:64])


def claims_by_cloud(token: str, *, typ: str) -> dict[str, Any]:
    """What our cloud has signed as this type. Raises: TrustRefused."""
    try:
        return verify_jws(token, jwk=cloud_jwk_of(token), typ=typ)
    except TrustRefused:
        raise
    except EdgeShopError as wrong:
        raise TrustRefused("This is not what our cloud signed.", why=wrong.code) from wrong
