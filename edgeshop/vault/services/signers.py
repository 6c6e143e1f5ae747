"""Who signs: anything with a name and a `sign`; and a disguise that lets libraries use it without its secret."""

from typing import Any, NoReturn, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.p256 import Jwk, read_jwk, thumbprint, to_der


class Signer(Protocol):
    """A P-256 key that somebody else may hold: `sign` answers raw r||s [64], low-s."""

    @property
    def jwk(self) -> Jwk: ...
    @property
    def kid(self) -> str: ...
    def sign(self, data: bytes, /) -> bytes: ...


class StoredKey:
    """A named key of a keystore as a signer; its `kid` is the thumbprint. Raises: KeyMissing."""

    def __init__(self, keystore: Keystore, name: str) -> None:
        self._keystore = keystore
        self._name = name
        self.jwk = keystore.public_key(name)
        self.kid = thumbprint(self.jwk)

    def sign(self, data: bytes, /) -> bytes:
        return self._keystore.sign(self._name, data)


class DisguisedKey(ec.EllipticCurvePrivateKey):
    """A signer that looks like a private key of `cryptography`; everything but signing is refused."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """DER over SHA-256 of `data`: callers in this project sign nothing else, so the algorithm is not looked at."""
        return to_der(self._signer.sign(bytes(data)))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return read_jwk(self._signer.jwk).public_key

    @property
    def curve(self) -> ec.EllipticCurve:
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        return self.curve.key_size

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise NotImplementedError("the secret half of this key stays where it is")

    exchange = private_numbers = private_bytes = __copy__ = __deepcopy__ = _refuse
