"""The VAPID key: stable, in the keystore, and good enough for a push service."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid01, Vapid02

from edgeshop.vault.services import Keystore, load_vapid
from edgeshop.vault.services.p256 import public_jwk

pytestmark = pytest.mark.unit

CLAIMS = {"sub": "mailto:shop@localhost.example", "aud": "https://push.example", "exp": 1_800_000_000}


def test_the_key_is_made_once_and_stays(store: Keystore) -> None:
    first = load_vapid(keystore=store)

    assert load_vapid(keystore=store).public_key == first.public_key
    assert store.key_names() == ["vapid"]


def test_browsers_get_an_uncompressed_point_in_base64url(store: Keystore) -> None:
    text = load_vapid(keystore=store).public_key
    point = base64.urlsafe_b64decode(text + "=")

    assert (len(text), len(point), point[0]) == (87, 65, 4)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    assert public_jwk(public) == store.public_key("vapid")


def test_push_services_accept_what_it_signs(store: Keystore) -> None:
    vapid = load_vapid(keystore=store)

    header = vapid.signer.sign(CLAIMS)["Authorization"]

    assert isinstance(vapid.signer, Vapid01)  # what pywebpush looks for
    assert header.endswith(f"k={vapid.public_key}")
    assert Vapid02.verify(header) is True
    token = header.split("t=")[1].split(",")[0]
    assert json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "===")) == CLAIMS


def test_what_another_key_signed_is_not_accepted(store: Keystore) -> None:
    from edgeshop.vault.services import MemoryKeystore

    ours, other = load_vapid(keystore=store), load_vapid(keystore=MemoryKeystore())
    header = other.signer.sign(CLAIMS)["Authorization"]

    assert Vapid02.verify(header.replace(other.public_key, ours.public_key)) is False
