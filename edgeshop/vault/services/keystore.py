"""What every keystore can do, whatever holds the keys: a chip, an encrypted folder or, in tests, memory."""

import re
from typing import Protocol

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.services.p256 import Jwk

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")  # fits a file name and a PKCS#11 label


def demand_name(name: str) -> None:
    """Raises: InvalidInput unless a key may be called that."""
    if not NAME.fullmatch(name):
        raise InvalidInput("A key name is lower-case letters, digits, - and _.", name=name[:80])


class Keystore(Protocol):
    """Named keys that sign, unwrap and seal without ever being handed out.

    Names are short: lower-case letters, digits, `-` and `_`. Signing, wrapping and sealing keys are kept apart, so one
    name may stand for all three. Raises, everywhere: KeystoreLocked when keys are there but do not open.
    """

    @property
    def trust_level(self) -> int:
        """0 memory, 1 encrypted file, 2 hardware, 3 attested hardware."""

    def key_names(self) -> list[str]:
        """The names of all signing keys, sorted."""

    def create(self, name: str) -> Jwk:
        """The public half of the named P-256 signing key, made now if it is missing."""

    def public_key(self, name: str) -> Jwk:
        """The public half of a signing key; makes nothing. Raises: KeyMissing."""

    def sign(self, name: str, data: bytes) -> bytes:
        """Raw r||s [64], ECDSA P-256 over SHA-256 of `data`, low-s. Raises: KeyMissing."""

    def create_wrap_key(self, name: str) -> Jwk:
        """The public half of the named RSA-2048 wrapping key, made now if it is missing."""

    def public_wrap_key(self, name: str) -> Jwk:
        """The public half of a wrapping key (kty, n, e, alg); makes nothing. Raises: KeyMissing."""

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """What somebody wrapped for us with `wrap` and our public key. Raises: KeyMissing, SealBroken."""

    def seal(self, name: str, data: bytes, context: bytes) -> bytes:
        """`data` encrypted for storage on this node, bound to `context`; the sealing key is made if it is missing."""

    def open_sealed(self, name: str, sealed: bytes, context: bytes) -> bytes:
        """The data again, for the same `context` only. Raises: KeyMissing, SealBroken."""
