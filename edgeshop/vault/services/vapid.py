"""The key that tells push services who sends: browsers bind their subscriptions to its public half.

It is a signing key like any other and never leaves the keystore; `pywebpush` gets an object that asks for signatures.

Source: RFC 8292.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from joserfc.util import urlsafe_b64encode
from py_vapid import Vapid02

from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.node_keystore import keystore as own_keystore
from edgeshop.vault.services.signers import DisguisedKey, StoredKey

NAME = "vapid"


@dataclass(frozen=True, slots=True)
class VapidKey:
    """`signer` is what pywebpush takes as `vapid_private_key`; `public_key` what browsers take, base64url."""

    signer: Vapid02
    public_key: str


def load_vapid(*, keystore: Keystore | None = None) -> VapidKey:
    """This node's VAPID key, made at the first call and the same ever after. Raises: KeystoreLocked."""
    store = keystore or own_keystore()
    store.create(NAME)
    key = DisguisedKey(StoredKey(store, NAME))
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return VapidKey(Vapid02(key), urlsafe_b64encode(point).decode("ascii"))
