"""What a lease looks like: a secret that one device can open, inside a word of the cloud that everybody can check.

The secret is a JWE to the device's wrapping key, which may sit in a chip: the keystore unwraps the content key, joserfc
does the rest. Around it stands a JWS by the cloud, for anybody can encrypt to a public key. Times are absolute and the
same inside and outside: who stores a lease, or brings it late, does not make it last longer.

Source: RFC 7516 (JWE), RFC 7518 sections 4.3 and 5.3.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature, SealBroken
from edgeshop.vault.services.jws import peek_jws, verify_jws, write_jws
from edgeshop.vault.services.keystore import NAME
from edgeshop.vault.services.p256 import thumbprint
from edgeshop.vault.services.signers import Signer

TYP = "lease+jws"
ALGORITHMS = ["RSA-OAEP", "RSA-OAEP-256", "A256GCM"]  # SHA-1 for chips that know no other, where their key says so
VALUE_CHARS_MAX = 16_384  # a key, a password, a small certificate chain
Unwrap = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lease says to everybody. Units: unix seconds."""

    name: str
    ver: int
    issued_s: int
    soft_s: int
    hard_s: int


@dataclass(frozen=True, slots=True)
class Word:
    """The cloud's word on one version of a secret: its terms and the sealed value, or that it is revoked."""

    terms: Terms
    sealed: str
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """An opened lease."""

    terms: Terms
    value: str = field(repr=False)


class _HeldElsewhere(RSAKey):
    """An RSA key for joserfc whose secret half is asked for by a call."""

    unwrap: Unwrap

    def get_op_key(self, operation: Any) -> Any:
        """What decrypts content keys; the padding is the keystore's own."""
        if operation != "decrypt":
            raise NotImplementedError("this key only opens leases")
        return self

    def decrypt(self, wrapped: bytes, _padding: object) -> bytes:
        """Raises: SealBroken, KeyMissing."""
        return self.unwrap(wrapped)


def seal_lease(*, terms: Terms, value: str, wrap_jwk: Mapping[str, str], device: str, signer: Signer) -> str:
    """On the cloud: the lease for one device, as it travels and as it is kept.

    Raises: InvalidInput for a name, a value or a key that nobody could take.
    """
    if not NAME.fullmatch(terms.name) or len(value) > VALUE_CHARS_MAX or not terms.soft_s <= terms.hard_s:
        raise InvalidInput("This cannot be leased.", name=terms.name[:80], chars_max=VALUE_CHARS_MAX)
    inside = json.dumps([*_row(terms), value], ensure_ascii=False).encode()
    header = {"alg": wrap_jwk.get("alg", "RSA-OAEP-256"), "enc": "A256GCM"}
    try:
        public = RSAKey.import_key({part: wrap_jwk[part] for part in ("kty", "n", "e")})
        sealed = jwe.encrypt_compact(header, inside, public, algorithms=ALGORITHMS)
    except (JoseError, ValueError, KeyError) as odd:
        raise InvalidInput("That key cannot be sealed to.", name=terms.name) from odd
    return write_jws(signer=signer, typ=TYP, claims=_claims(terms, device) | {"jwe": sealed})


def revoke_lease(*, name: str, ver: int, issued_s: int, device: str, signer: Signer) -> str:
    """On the cloud: this version and all before it are over, now."""
    terms = Terms(name, ver, issued_s, issued_s, issued_s)
    return write_jws(signer=signer, typ=TYP, claims=_claims(terms, device) | {"revoked": True})


def _claims(terms: Terms, device: str) -> dict[str, Any]:
    return {"sub": device, "lease": _row(terms)}


def _row(terms: Terms) -> list[Any]:
    return [terms.name, terms.ver, terms.issued_s, terms.soft_s, terms.hard_s]


def read_word(jws: str, *, device: str, cloud_jwks: list[dict[str, str]]) -> Word:
    """The word of one of these keys for this device; opens nothing. Raises: BadSignature, WrongType."""
    kid = peek_jws(jws)[0].get("kid")
    signer = next((jwk for jwk in cloud_jwks if thumbprint(jwk) == kid), None)
    if signer is None:
        raise BadSignature("This lease is signed by nobody we know.", kid=str(kid)[:64])
    claims = verify_jws(jws, jwk=signer, typ=TYP)
    if claims.get("sub") != device:
        raise BadSignature("This lease is for another device.", device=device)
    return Word(_terms(claims.get("lease")), str(claims.get("jwe", "")), claims.get("revoked") is True)


def _terms(row: Any) -> Terms:
    if isinstance(row, list) and len(row) == 5 and isinstance(row[0], str) and NAME.fullmatch(row[0]):
        name, *numbers = row
        if all(type(number) is int for number in numbers):
            return Terms(name, *numbers)
    raise BadSignature("This lease does not say what it is.")


def open_word(word: Word, *, wrap_jwk: Mapping[str, str], unwrap: Unwrap) -> Lease:
    """The secret inside. Raises: SealBroken when it is not for this key, or not what is written on it; KeyMissing."""
    try:
        key = _HeldElsewhere.import_key({part: wrap_jwk[part] for part in ("kty", "n", "e")})
        key.unwrap = unwrap
        *row, value = json.loads(jwe.decrypt_compact(word.sealed, key, algorithms=ALGORITHMS).plaintext or b"[]")
    except (JoseError, ValueError) as odd:
        raise SealBroken("This lease was not sealed for this device.", name=word.terms.name) from odd
    if row != _row(word.terms):
        raise SealBroken("This lease holds another than it says.", name=word.terms.name)
    return Lease(word.terms, str(value))
