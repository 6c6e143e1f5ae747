"""What every keystore must do. A folder with a fixture `store` runs it by importing all of it: docs/testing.md."""

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import KeyMissing, SealBroken
from edgeshop.vault.services import Keystore, wrap
from edgeshop.vault.services.p256 import ORDER, read_jwk, to_der


def test_create_gives_a_public_p256_key_and_nothing_private(store: Keystore) -> None:
    jwk = store.create("device")

    assert set(jwk) == {"kty", "crv", "x", "y"}
    assert (jwk["kty"], jwk["crv"], len(jwk["x"]), len(jwk["y"])) == ("EC", "P-256", 43, 43)


def test_create_twice_gives_the_same_key(store: Keystore) -> None:
    assert store.create("device") == store.create("device") == store.public_key("device")


def test_two_names_are_two_keys(store: Keystore) -> None:
    assert store.create("device") != store.create("grants")
    assert store.key_names() == ["device", "grants"]


def test_what_it_hands_out_cannot_be_used_to_change_it(store: Keystore) -> None:
    for ask in (store.create, store.public_key, store.create_wrap_key, store.public_wrap_key):
        ask("device")["kty"] = "spoiled"

    assert store.public_key("device")["kty"] == "EC"
    assert store.public_wrap_key("device")["kty"] == "RSA"


@pytest.mark.parametrize("ask", ["public_key", "public_wrap_key"])
def test_reading_a_missing_key_makes_none(store: Keystore, ask: str) -> None:
    with pytest.raises(KeyMissing):
        getattr(store, ask)("device")

    with pytest.raises(KeyMissing):
        store.sign("device", b"data")
    assert store.key_names() == []


@pytest.mark.parametrize("name", ["", "Device", "../device", "a/b", "a.b", "a" * 64, "1a", "a\n"])
def test_odd_names_are_refused(store: Keystore, name: str) -> None:
    with pytest.raises(InvalidInput):
        store.create(name)

    assert store.key_names() == []


def test_signatures_are_raw_and_low_s_and_verify_over_sha256(store: Keystore) -> None:
    public = read_jwk(store.create("device")).public_key

    for turn in range(32):  # half of all plain signatures are high-s: luck passes this once in 2^32
        data = f"order {turn}".encode()
        signature = store.sign("device", data)
        assert len(signature) == 64
        assert int.from_bytes(signature[32:], "big") <= ORDER // 2
        digest = hashlib.sha256(data).digest()
        public.verify(to_der(signature), digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_a_signature_is_no_good_for_other_data_or_another_key(store: Keystore) -> None:
    ours, other = read_jwk(store.create("device")).public_key, read_jwk(store.create("grants")).public_key
    signature = to_der(store.sign("device", b"order"))

    with pytest.raises(InvalidSignature):
        ours.verify(signature, b"ordes", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        other.verify(signature, b"order", ec.ECDSA(hashes.SHA256()))


def test_sealed_data_opens_again_and_is_not_readable(store: Keystore) -> None:
    sealed = store.seal("secrets", b"canary-4711", b"push.vapid")

    assert b"canary" not in sealed
    assert store.open_sealed("secrets", sealed, b"push.vapid") == b"canary-4711"
    assert store.seal("secrets", b"canary-4711", b"push.vapid") != sealed


def test_sealed_data_opens_nowhere_else(store: Keystore) -> None:
    sealed = store.seal("secrets", b"data", b"here")
    store.seal("others", b"data", b"here")

    for name, data, context in [
        ("secrets", sealed, b"there"),
        ("others", sealed, b"here"),
        ("secrets", sealed[:-1] + bytes([sealed[-1] ^ 1]), b"here"),
        ("secrets", sealed[:20], b"here"),
        ("secrets", b"", b"here"),
    ]:
        with pytest.raises(SealBroken):
            store.open_sealed(name, data, context)
    with pytest.raises(KeyMissing):
        store.open_sealed("nobody", sealed, b"here")


def test_wrapped_secrets_reach_their_receiver_only(store: Keystore) -> None:
    jwk = store.create_wrap_key("device")
    store.create_wrap_key("other")
    wrapped = wrap(jwk, b"a content key")

    assert jwk == store.public_wrap_key("device")
    assert (set(jwk), jwk["alg"] in {"RSA-OAEP", "RSA-OAEP-256"}) == ({"kty", "n", "e", "alg"}, True)
    assert store.unwrap("device", wrapped) == b"a content key"
    for name, data in [("other", wrapped), ("device", wrapped[:-1]), ("device", bytes(256))]:
        with pytest.raises(SealBroken):
            store.unwrap(name, data)


def test_wrap_refuses_what_does_not_fit(store: Keystore) -> None:
    jwk = store.create_wrap_key("device")

    assert len(wrap(jwk, bytes(190))) == 256
    with pytest.raises(InvalidInput):
        wrap(jwk, bytes(191))
    for odd in ({"kty": "RSA"}, jwk | {"alg": "RSA1_5"}):
        with pytest.raises(InvalidInput):
            wrap(odd, b"data")


def test_kinds_of_one_name_do_not_meet(store: Keystore) -> None:
    store.create("device")

    with pytest.raises(KeyMissing):
        store.unwrap("device", bytes(256))
    with pytest.raises(KeyMissing):
        store.open_sealed("device", bytes(40), b"")
