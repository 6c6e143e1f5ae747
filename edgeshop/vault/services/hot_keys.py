"""Hot keys: a process signs with a key of its own, in memory, that the node's slow key certifies for at most a day.

A chip takes tens of milliseconds per signature and one caller at a time; a hot key is never in a shopper's way.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature, Expired
from edgeshop.vault.services.jws import Claims, peek_jws, sign_jws, verify_jws, write_jws
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.node_keystore import introduction
from edgeshop.vault.services.node_keystore import keystore as own_keystore
from edgeshop.vault.services.p256 import Jwk, P256Key, from_point, thumbprint, to_point
from edgeshop.vault.services.spare import HEADER, issuer_of

TYP = "hot+cert"
LIFETIME_S_MAX = 86_400
SKEW_S = 300  # how far the issuer's clock may run ahead of ours


@dataclass(frozen=True, slots=True)
class HotKey:
    """A certified signing key. Units: `issued_s` and `expires_s` in unix seconds."""

    jwk: Jwk
    kid: str
    certificate: str
    issued_s: int
    expires_s: int
    _key: P256Key = field(repr=False)

    def sign(self, data: bytes, /) -> bytes:
        """Raw r||s [64], low-s."""
        return self._key.sign(data)

    def sign_jws(self, typ: str, claims: Claims, headers: Claims | None = None) -> str:
        """A token by this key; say `headers={"cert": hot.certificate}` when it must stand alone."""
        return write_jws(signer=self, typ=typ, claims=claims, headers=headers)


def new_hot_key(
    *,
    subject: str,
    lifetime_s: int = LIFETIME_S_MAX,
    keystore: Keystore | None = None,
    key: str = "device",
    now_s: float | None = None,
) -> HotKey:
    """A fresh key, certified by the named key of this node (or of `keystore`); a spare key shows its own certificate.

    Raises: KeyMissing; InvalidInput for a life longer than a day.
    """
    if not 0 < lifetime_s <= LIFETIME_S_MAX:
        raise InvalidInput("A hot key lives at most a day.", lifetime_s=lifetime_s)
    issued_s, fresh = int(_now(now_s)), P256Key.generate()
    claims = {"key": to_point(fresh.jwk), "sub": subject, "iat": issued_s, "exp": issued_s + lifetime_s}
    store = keystore or own_keystore()
    via = introduction(store, key)
    certificate = sign_jws(keystore=store, key=key, typ=TYP, claims=claims, headers={HEADER: via} if via else None)
    return HotKey(fresh.jwk, thumbprint(fresh.jwk), certificate, issued_s, issued_s + lifetime_s, fresh)


_held: dict[tuple[str, str], HotKey] = {}
_renewing = threading.Lock()


def current_hot_key(*, subject: str, key: str = "device", now_s: float | None = None) -> HotKey:
    """This process's hot key for `subject`; renewed in its last third, or when the clock was set back before it.

    Raises: KeyMissing.
    """
    at, slot = _now(now_s), (thumbprint(own_keystore().public_key(key)), subject)
    with _renewing:
        held = _held.get(slot)
        if held is None or not held.issued_s <= at < held.expires_s - (held.expires_s - held.issued_s) / 3:
            held = _held[slot] = new_hot_key(subject=subject, key=key, now_s=at)
    return held


def verify_hot_certificate(
    certificate: str, *, issuer_jwk: Mapping[str, Any], now_s: float | None = None, subject: str | None = None
) -> Jwk:
    """The public hot key that the issuer vouches for at `now_s`; for something signed long ago, that is when it was.
    A spare that the issuer vouches for speaks for it: `is_by_spare` tells, for whom that matters.

    Raises: BadSignature (also for another `subject` when one is asked for), WrongType, Expired.
    """
    issuer = issuer_of(peek_jws(certificate)[0], issuer_jwk=issuer_jwk)
    claims, at = verify_jws(certificate, jwk=issuer, typ=TYP), int(_now(now_s))
    issued, expires = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or type(expires) is not int or not 0 < expires - issued <= LIFETIME_S_MAX:
        raise BadSignature("This certificate has no valid times.")
    if subject not in (None, claims.get("sub")):
        raise BadSignature("This certificate is for somebody else.")
    if not issued - SKEW_S <= at < expires:
        raise Expired("This certificate is outside its time.", now_s=at, issued_s=issued, expires_s=expires)
    return from_point(claims.get("key"))


def _now(now_s: float | None) -> float:
    return clock.timestamp() if now_s is None else now_s
