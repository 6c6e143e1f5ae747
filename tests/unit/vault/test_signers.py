"""A key in disguise: libraries sign with it and never hold its secret."""

import copy

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edgeshop.vault.errors import KeyMissing
from edgeshop.vault.services import Keystore, MemoryKeystore, StoredKey, thumbprint
from edgeshop.vault.services.p256 import public_jwk
from edgeshop.vault.services.signers import DisguisedKey

pytestmark = pytest.mark.unit


def test_a_stored_key_is_named_by_its_thumbprint(store: Keystore) -> None:
    jwk = store.create("device")

    key = StoredKey(store, "device")

    assert (key.jwk, key.kid) == (jwk, thumbprint(jwk))
    with pytest.raises(KeyMissing):
        StoredKey(store, "nobody")


def test_cryptography_signs_with_it_as_with_a_key_of_its_own(store: Keystore) -> None:
    jwk = store.create("device")
    key = DisguisedKey(StoredKey(store, "device"))

    key.public_key().verify(key.sign(b"data", ec.ECDSA(hashes.SHA256())), b"data", ec.ECDSA(hashes.SHA256()))

    assert public_jwk(key.public_key()) == jwk
    assert (key.curve.name, key.key_size) == ("secp256r1", 256)


def test_the_secret_half_stays_where_it_is(memory: MemoryKeystore) -> None:
    memory.create("device")
    key = DisguisedKey(StoredKey(memory, "device"))

    for ask in (
        key.private_numbers,
        lambda: key.exchange(ec.ECDH(), key.public_key()),
        lambda: key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        lambda: copy.copy(key),
        lambda: copy.deepcopy(key),
    ):
        with pytest.raises(NotImplementedError):
            ask()
