"""Signed claims as JWS compact, ES256 only: one way to write them, one way to read them.

What a token *is* must not depend on its signature (ECDSA makes a new one each time), so hashes and identities cover
`header.payload`. Reading is strict where JOSE is lax: one algorithm, an exact `typ`, no `crit`, canonical base64url.

Source: RFC 7515 (JWS), RFC 7518 section 3.4 (ES256), RFC 8725 (pin type and algorithm).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature, WrongType
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.p256 import SIDE, is_signed
from edgeshop.vault.services.signers import DisguisedKey, Signer, StoredKey

Claims = dict[str, Any]
FIXED = {"alg", "typ", "crit", "b64"}  # header members that are ours to set, or that we never set


class _Registry(jws.JWSRegistry):
    max_header_length = 4096  # a token carries the certificate of its key in its header
    max_payload_length = 65536  # an order of some thousand lines; nothing we sign comes near


REGISTRY = _Registry(algorithms=["ES256"], strict_check_header=False)
TOKEN_CHARS_MAX = _Registry.max_header_length + _Registry.max_payload_length + 100


def sign_jws(*, keystore: Keystore, key: str, typ: str, claims: Claims, headers: Claims | None = None) -> str:
    """A token signed by a named key of a keystore; its `kid` is the key's thumbprint unless `headers` name another.

    Raises: KeyMissing; InvalidInput for headers that are not the caller's to set, or claims that are not JSON.
    """
    return write_jws(signer=StoredKey(keystore, key), typ=typ, claims=claims, headers=headers)


def write_jws(*, signer: Signer, typ: str, claims: Claims, headers: Claims | None = None) -> str:
    """The same for any signer."""
    given = headers or {}
    if FIXED & given.keys():
        raise InvalidInput("These members of a token's header are fixed.", members=sorted(FIXED & given.keys()))
    protected = {"alg": "ES256", "typ": typ, "kid": signer.kid, **given}
    try:
        payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
        token = jws.serialize_compact(protected, payload, _joserfc_key(signer), registry=REGISTRY)
    except (TypeError, ValueError, JoseError) as odd:
        raise InvalidInput("These claims cannot be signed.", typ=typ) from odd
    peek_jws(token)  # what nobody would read, nobody should sign: a token too large is refused here
    return token


def _joserfc_key(signer: Signer) -> ECKey:
    return ECKey(DisguisedKey(signer), signer.jwk)  # given the JWK, joserfc does not ask for the secret half


def put_together(header: Claims, claims: Claims, signature: bytes) -> str:
    """A token from its parts, written as `write_jws` writes it; whether the signature fits is for `verify_jws`."""
    parts = [json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode() for part in (header, claims)]
    return ".".join(urlsafe_b64encode(part).decode("ascii") for part in (*parts, signature))


def signature_of(token: str) -> bytes:
    """The signature of a token. Shape: [64]. Raises: BadSignature for anything that is no token."""
    return _read(token).signature


def verify_jws(token: str, *, jwk: Mapping[str, Any], typ: str) -> Claims:
    """The claims, when this key signed this token as this type. Times in the claims are the caller's to check.

    Raises: BadSignature, WrongType; InvalidInput when `jwk` is no key.
    """
    read = _read(token)
    if read.header.get("typ") != typ:
        raise WrongType("This token is of another type.", wanted=typ, typ=str(read.header.get("typ"))[:40])
    if read.header.get("alg") != "ES256":
        raise BadSignature("Tokens are signed with ES256.", alg=str(read.header.get("alg"))[:40])
    if not is_signed(jwk, read.signature, read.signed):
        raise BadSignature("The signature of this token is wrong.", typ=typ)
    return read.claims


def peek_jws(token: object) -> tuple[Claims, Claims]:
    """Header and claims *before* any check of the signature: only to find the key to check with.

    Raises: BadSignature for anything that is not three canonical base64url parts of JSON objects and 64 bytes, or
    that asks for extensions (`crit`, `b64`). Tokens come from strangers' JSON, so not even the type is taken on trust.
    """
    read = _read(token)
    return read.header, read.claims


@dataclass(frozen=True, slots=True)
class _Read:
    """A token taken apart, once: the signature is checked on the same bytes that the claims were read from."""

    header: Claims
    claims: Claims
    signed: bytes
    signature: bytes


def _read(token: object) -> _Read:
    if not isinstance(token, str) or len(token) > TOKEN_CHARS_MAX:
        raise BadSignature("This is no token.")
    try:
        signed, _, tail = token.encode("ascii").rpartition(b".")
        head, body = signed.split(b".")
        read = _Read(_header(head).copy(), _object(body), signed, urlsafe_b64decode(tail))
    except (ValueError, RecursionError):
        raise BadSignature("This is no token.") from None
    if len(read.signature) != 2 * SIDE or not {"crit", "b64"}.isdisjoint(read.header):
        raise BadSignature("This is no token of ours.")
    return read


@lru_cache(maxsize=256)  # all tokens of one key and type begin alike
def _header(part: bytes) -> Claims:
    return _object(part)


def _object(part: bytes) -> Claims:
    value = _JSON.decode(urlsafe_b64decode(part).decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 -- callers know one error for all odd tokens
    return value


def _unique(pairs: list[tuple[str, Any]]) -> Claims:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")  # two readers could see two values
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_unique)


def signing_input_sha256(token: str) -> bytes:
    """The identity of a token [32]: the hash of `header.payload`, the same for all its signatures.

    Raises: BadSignature for anything that is no token.
    """
    peek_jws(token)
    return hashlib.sha256(token.rpartition(".")[0].encode("ascii")).digest()
