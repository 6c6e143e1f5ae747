"""Our keystores as signers of TUF metadata: the key stays in its chip or file, only signatures come out."""

from typing import NoReturn

from securesystemslib.signer import (  # type: ignore[attr-defined]  # -- public, but without `__all__`
    Key,
    SecretsHandler,
    Signature,
    Signer,
    SSlibKey,
)

from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.p256 import Jwk, read_jwk, to_der

SCHEME = "ecdsa-sha2-nistp256"


def public_key_of(jwk: Jwk) -> SSlibKey:
    """A public key as TUF metadata spell it; its keyid follows from the key alone."""
    return SSlibKey.from_crypto(read_jwk(jwk).public_key, scheme=SCHEME)


class KeystoreSigner(Signer):
    """Signs with one named key of a keystore. Raises: KeyMissing."""

    def __init__(self, keystore: Keystore, name: str) -> None:
        self._keystore, self._name = keystore, name
        self._public_key = public_key_of(keystore.public_key(name))

    @property
    def public_key(self) -> SSlibKey:
        """The public half, as it stands in the root."""
        return self._public_key

    def sign(self, payload: bytes) -> Signature:
        """DER, as the scheme wants it."""
        return Signature(self._public_key.keyid, to_der(self._keystore.sign(self._name, payload)).hex())

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> NoReturn:
        """No: keys are found by name in a keystore, never by an address."""
        raise NotImplementedError("keys are found by name in a keystore")
