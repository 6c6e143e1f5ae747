"""Peppers: a PIN is worth nothing without the node's keystore, its row and its place."""

import hashlib
import hmac

import pytest

from edgeshop.vault.errors import KeyMissing, SealBroken
from edgeshop.vault.services import MemoryKeystore, new_pepper, peppered

pytestmark = pytest.mark.unit
PLACE = b"fleet.staff_pin|12|7"


def test_the_same_pin_gives_the_same_value_and_another_pin_or_pepper_another(store):
    one, two = (new_pepper(PLACE, keystore=store) for _ in range(2))

    value = peppered("8264", one, PLACE, keystore=store)

    assert value == peppered("8264", one, PLACE, keystore=store)
    assert len({value, peppered("8265", one, PLACE, keystore=store), peppered("8264", two, PLACE, keystore=store)}) == 3


def test_it_is_hmac_sha256_of_the_pin(store):
    sealed = store.seal("pins", b"k" * 32, PLACE)

    assert peppered("8264", sealed, PLACE, keystore=store) == hmac.new(b"k" * 32, b"8264", hashlib.sha256).hexdigest()


def test_another_place_or_another_keystore_opens_no_pepper(store):
    sealed = new_pepper(PLACE, keystore=store)
    thief = MemoryKeystore()

    with pytest.raises(SealBroken):
        peppered("8264", sealed, b"fleet.staff_pin|12|8", keystore=store)
    with pytest.raises(KeyMissing):
        peppered("8264", sealed, PLACE, keystore=thief)
    new_pepper(PLACE, keystore=thief)
    with pytest.raises(SealBroken):
        peppered("8264", sealed, PLACE, keystore=thief)
