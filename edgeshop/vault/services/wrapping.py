"""Small secrets for one receiver: RSA-OAEP, because a TPM can undo that and cannot do ECDH.

With SHA-256 wherever the receiver can; some tokens (SoftHSM 2.6) know OAEP with SHA-1 only, where it is not weak: OAEP
asks of its hash no resistance to collisions. The receiver's public key says which, in its member `alg`.

Source: RFC 8017 section 7.1; JWK members as in RFC 7518 sections 4.3 and 6.3.
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import SealBroken
from edgeshop.vault.services.p256 import Jwk

BITS = 2048  # what TPMs make
DATA_BYTES_MAX = 190  # what fits with SHA-256; the same promise for every receiver
OAEP_256, OAEP_1 = "RSA-OAEP-256", "RSA-OAEP"


def _oaep(algorithm: hashes.HashAlgorithm) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(algorithm), algorithm, label=None)


PADDINGS = {
    OAEP_256: _oaep(hashes.SHA256()),
    OAEP_1: _oaep(hashes.SHA1()),  # noqa: S303 -- as the module says
}


class WrapKey:
    """The private half of a wrapping key, in this process's memory."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private
        numbers = private.public_key().public_numbers()
        self.jwk = wrap_jwk(n=numbers.n, e=numbers.e, alg=OAEP_256)

    @classmethod
    def generate(cls) -> "WrapKey":
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=BITS))

    @classmethod
    def from_pkcs8(cls, der: bytes) -> "WrapKey":
        """Raises: ValueError for anything but an RSA key."""
        private = serialization.load_der_private_key(der, password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("not an RSA key")  # noqa: TRY004 -- the bytes are wrong, not their Python type
        return cls(private)

    def pkcs8(self) -> bytes:
        """The key in clear, for a keystore to encrypt."""
        return self._private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def unwrap(self, wrapped: bytes) -> bytes:
        """Raises: SealBroken."""
        try:
            return self._private.decrypt(wrapped, PADDINGS[OAEP_256])
        except ValueError:
            raise SealBroken("This was not wrapped for this key.") from None


def wrap(jwk: Mapping[str, str], data: bytes) -> bytes:
    """`data` for the holder of this wrapping key only, by the `alg` it names (RSA-OAEP-256 when it names none).

    Units: at most 190 bytes, so usually a key.

    Raises: InvalidInput for an odd key or too much data.
    """
    if len(data) > DATA_BYTES_MAX:
        raise InvalidInput("That is too much to wrap.", size_bytes=len(data))
    try:
        n, e = (int.from_bytes(urlsafe_b64decode(jwk[part].encode("ascii")), "big") for part in ("n", "e"))
        return rsa.RSAPublicNumbers(e, n).public_key().encrypt(data, PADDINGS[jwk.get("alg", OAEP_256)])
    except (KeyError, ValueError, AttributeError):
        raise InvalidInput("That key does not wrap that data.", size_bytes=len(data)) from None


def wrap_jwk(*, n: int, e: int, alg: str) -> Jwk:
    """The members that name a wrapping key, and nothing else."""
    return {"kty": "RSA", "n": _integer(n), "e": _integer(e), "alg": alg}


def wrap_thumbprint(jwk: Mapping[str, str]) -> str:
    """The short name of a wrapping key (RFC 7638, SHA-256, base64url). Raises: InvalidInput for an odd key."""
    try:
        return RSAKey.import_key({part: jwk[part] for part in ("kty", "n", "e")}).thumbprint()
    except (JoseError, KeyError, ValueError, TypeError):
        raise InvalidInput("A wrapping key is a JWK with kty RSA, n and e.", field="jwk") from None


def _integer(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode("ascii")
