"""P-256 keys and signatures in the one form that travels: public JWK, raw r||s of 64 bytes, s in the lower half.

ECDSA signatures come in twins, (r, s) and (r, n - s), both good to a plain verifier. Only the low one is ours, so that
nobody can make a second spelling of something signed.

Source: FIPS 186-4 for the curve; RFC 7518 section 3.4 for the form; RFC 7638 for thumbprints.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature

Jwk = dict[str, str]
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256
SIDE = 32  # bytes of one coordinate, and of r and s
SIDE_CHARS = 43  # the same in base64url
ALGORITHM = ec.ECDSA(hashes.SHA256())


class P256Key:
    """A private key in this process's memory."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self.jwk = public_jwk(private.public_key())

    @classmethod
    def generate(cls) -> "P256Key":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pkcs8(cls, der: bytes) -> "P256Key":
        """Raises: ValueError for anything but a P-256 key."""
        private = serialization.load_der_private_key(der, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("not a P-256 key")  # noqa: TRY004 -- the bytes are wrong, not their Python type
        return cls(private)

    def pkcs8(self) -> bytes:
        """The key in clear, for a keystore to encrypt."""
        return self._private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, data: bytes) -> bytes:
        """Raw r||s [64] over SHA-256 of `data`, low-s; another one at each call."""
        r, s = decode_dss_signature(self._private.sign(data, ALGORITHM))
        return low_s(r.to_bytes(SIDE, "big") + s.to_bytes(SIDE, "big"))


def public_jwk(public: ec.EllipticCurvePublicKey) -> Jwk:
    """The four members that name a key, and nothing else."""
    numbers = public.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _coordinate(numbers.x), "y": _coordinate(numbers.y)}


def _coordinate(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes(SIDE, "big")).decode("ascii")


def read_jwk(jwk: Mapping[str, Any]) -> ECKey:
    """The public key that a JWK spells; members beyond the four are ignored.

    Raises: InvalidInput unless it is a point of P-256 in its one canonical spelling.
    """
    try:
        members = jwk["kty"], jwk["crv"], jwk["x"], jwk["y"]
    except (KeyError, TypeError):
        raise InvalidInput("A public key is a JWK with kty, crv, x and y.", field="jwk") from None
    if members[:2] != ("EC", "P-256") or not all(isinstance(m, str) and len(m) == SIDE_CHARS for m in members[2:]):
        raise InvalidInput("Only keys of the curve P-256 are known here.", field="jwk")
    return _point(members[2], members[3])


@lru_cache(maxsize=1024)  # a shop's screens and phones of a day; checking a point costs more than a look-up
def _point(x: str, y: str) -> ECKey:
    try:
        sides = b"".join(urlsafe_b64decode(c.encode("ascii")) for c in (x, y))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + sides)
    except ValueError:
        raise InvalidInput("That is no point of P-256.", field="jwk") from None
    return ECKey.import_key(public)


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The short name of a public key (RFC 7638, SHA-256, base64url). Raises: InvalidInput for an odd key."""
    return read_jwk(jwk).thumbprint()


def to_point(jwk: Mapping[str, Any]) -> str:
    """A public key as 44 characters: its compressed point (SEC 1, section 2.3.3) in base64url."""
    sides = urlsafe_b64decode(str(jwk["x"]).encode()), urlsafe_b64decode(str(jwk["y"]).encode())
    return urlsafe_b64encode(bytes([2 + sides[1][-1] % 2]) + sides[0]).decode()


def from_point(text: object) -> Jwk:
    """The key again. Raises: InvalidInput for what is no compressed point of P-256."""
    try:
        point = urlsafe_b64decode(str(text).encode("ascii"))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise InvalidInput("That is no point of P-256.", field="key") from None
    if len(point) != 1 + SIDE:
        raise InvalidInput("A key in short is a compressed point.", field="key")
    said = ECKey.import_key(public).as_dict(private=False)
    return {name: str(said[name]) for name in ("kty", "crv", "x", "y")}


def key_name(kid: str) -> str:
    """What signed messages call a key: the beginning of its thumbprint, 72 bits. Whoever verifies has the whole key."""
    return kid[:12]


def low_s(signature: bytes) -> bytes:
    """The twin of a raw signature [64] that has s in the lower half."""
    s = int.from_bytes(signature[SIDE:], "big")
    return signature[:SIDE] + min(s, ORDER - s).to_bytes(SIDE, "big")


def demand_low_s(signature: bytes) -> None:
    """Raises: BadSignature unless these are 64 bytes with s in the lower half."""
    if len(signature) != 2 * SIDE or not 0 < int.from_bytes(signature[SIDE:], "big") <= ORDER // 2:
        raise BadSignature("The signature is not in its one accepted form.")


def is_signed(jwk: Mapping[str, Any], signature: bytes, data: bytes) -> bool:
    """Whether the holder of this key made this raw signature under `data`, in its one accepted form.

    Raises: BadSignature for another form, InvalidInput for an odd key.
    """
    demand_low_s(signature)
    try:
        read_jwk(jwk).public_key.verify(to_der(signature), data, ALGORITHM)
    except InvalidSignature:
        return False
    return True


def to_der(signature: bytes) -> bytes:
    """What `cryptography` calls a signature, from raw r||s."""
    return encode_dss_signature(int.from_bytes(signature[:SIDE], "big"), int.from_bytes(signature[SIDE:], "big"))
