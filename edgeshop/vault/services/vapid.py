"""The key that tells push services who sends: browsers bind their subscriptions to its public half.

It is a signing key like any other: the node's own never leaves the keystore, a shop's comes as a lease and stays in
memory. `pywebpush` gets an object that asks for signatures.

Source: RFC 8292.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode
from py_vapid import Vapid02

from edgeshop.vault.errors import SealBroken
from edgeshop.vault.services.keystore import Keystore
from edgeshop.vault.services.node_keystore import keystore as own_keystore
from edgeshop.vault.services.p256 import Jwk, P256Key, thumbprint
from edgeshop.vault.services.signers import DisguisedKey, Signer, StoredKey

NAME = "vapid"


@dataclass(frozen=True, slots=True)
class VapidKey:
    """`signer` is what pywebpush takes as `vapid_private_key`; `public_key` what browsers take, base64url.

    `kid` is the short name of the key, to remember which one a subscription was made for.
    """

    signer: Vapid02
    public_key: str
    kid: str


@dataclass(frozen=True, slots=True)
class _InMemory:
    """A key that came as a lease, as a signer."""

    key: P256Key
    kid: str

    @property
    def jwk(self) -> Jwk:
        return self.key.jwk

    def sign(self, data: bytes, /) -> bytes:
        return self.key.sign(data)


def load_vapid(*, keystore: Keystore | None = None) -> VapidKey:
    """This node's VAPID key, made at the first call and the same ever after. Raises: KeystoreLocked."""
    store = keystore or own_keystore()
    store.create(NAME)
    return _vapid(StoredKey(store, NAME))


def new_vapid_secret() -> str:
    """A fresh key in one line of text, for a lease."""
    return urlsafe_b64encode(P256Key.generate().pkcs8()).decode("ascii")


def read_vapid_secret(secret: str) -> VapidKey:
    """The key that came as a lease. Raises: SealBroken for anything else."""
    try:
        key = P256Key.from_pkcs8(urlsafe_b64decode(secret.encode("ascii")))
    except ValueError:
        raise SealBroken("This secret is no VAPID key.") from None
    return _vapid(_InMemory(key, thumbprint(key.jwk)))


def _vapid(signer: Signer) -> VapidKey:
    key = DisguisedKey(signer)
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return VapidKey(Vapid02(key), urlsafe_b64encode(point).decode("ascii"), signer.kid)
