"""Secrets at rest: AES-256-GCM, bound to the place they belong to."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edgeshop.vault.errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12  # random; one key seals far fewer than the 2^32 secrets that NIST SP 800-38D allows


class SealKey:
    """One sealing key. Shapes: the key is [32]; sealed = nonce [12], ciphertext, tag [16]."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a sealing key is 32 bytes")
        self._cipher = AESGCM(key)

    @staticmethod
    def generate() -> bytes:
        """Fresh bytes for a key."""
        return AESGCM.generate_key(KEY_BYTES * 8)

    def seal(self, data: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Raises: SealBroken for changed bytes, another key or another context."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise SealBroken("This seal was made by another key, for another place, or was changed.") from None
