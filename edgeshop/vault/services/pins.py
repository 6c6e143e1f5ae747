"""Short secrets of people: a PIN has too few digits to stand in a database, however slowly it is hashed.

What is kept is made with a pepper that only this node's keystore can unseal: who steals the database alone has
nothing to try PINs against. The slow hash on top is the caller's.
Source: NIST SP 800-63B section 5.1.1.2 (a keyed hash with the key kept apart from the verifier).
"""

import os

from cryptography.hazmat.primitives import hashes, hmac

from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.node_keystore import keystore as own_keystore

_KEY = "pins"
_PEPPER_BYTES = 32


def new_pepper(context: bytes, *, keystore: Keystore | None = None) -> bytes:
    """A fresh pepper, sealed to this node and to `context`; made anew each time a PIN is set."""
    return (keystore or own_keystore()).seal(_KEY, os.urandom(_PEPPER_BYTES), context)


def peppered(pin: str, sealed: bytes, context: bytes, *, keystore: Keystore | None = None) -> str:
    """HMAC-SHA256 of a PIN under its pepper, as 64 hex digits, for a slow hash to take in.

    Raises: SealBroken for another node's pepper or another place; KeyMissing when this node has never sealed one.
    """
    mac = hmac.HMAC((keystore or own_keystore()).open_sealed(_KEY, sealed, context), hashes.SHA256())
    mac.update(pin.encode())
    return mac.finalize().hex()
