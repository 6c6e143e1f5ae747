"""The revocation list: small, signed, and it names exactly those it should."""

import hashlib
import json
import random

import pytest

from edgeshop.vault.errors import BadSignature, WrongType
from edgeshop.vault.services import (
    MemoryKeystore,
    StoredKey,
    peek_jws,
    read_revocations,
    sign_jws,
    write_jws,
    write_revocations,
)

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def cloud():
    store = MemoryKeystore()
    store.create("cloud")
    return StoredKey(store, "cloud")


def written(cloud, revoked, version: int = 7):
    return write_revocations(signer=cloud, version=version, revoked=revoked, issued_s=1_800_000_000)


@pytest.mark.parametrize("revoked", [set(), {0}, {7}, {8}, {1, 2, 3, 63, 64}, {99_999}])
def test_a_list_names_those_who_are_revoked_and_nobody_else(cloud, revoked):
    said = read_revocations(*written(cloud, revoked), jwk=cloud.jwk)

    top = max(revoked, default=0) + 20
    assert {index for index in range(-9, top) if said.names(index)} == revoked
    assert (said.version, said.issued_s, said.size) == (7, 1_800_000_000, max(revoked, default=-1) + 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_thousand_devices_with_one_in_a_hundred_revoked_fit_two_kilobytes(cloud, seed):
    revoked = random.Random(seed).sample(range(100_000), 1000)

    token, packed = written(cloud, revoked, version=2**31)

    as_ids = json.dumps(sorted(revoked), separators=(",", ":"))
    assert len(token) + len(packed) <= 2000
    assert len(as_ids) > 2000  # the control: the plain way does not fit


def test_a_list_by_another_key_is_refused(cloud):
    store = MemoryKeystore()
    store.create("cloud")

    with pytest.raises(BadSignature):
        read_revocations(*written(cloud, {1}), jwk=store.public_key("cloud"))


def test_the_bits_of_another_list_are_refused(cloud):
    token, _ = written(cloud, {1})
    _, other = written(cloud, {2})

    with pytest.raises(BadSignature):
        read_revocations(token, other, jwk=cloud.jwk)


def test_another_kind_of_token_is_no_list(cloud):
    token = write_jws(signer=cloud, typ="grant+jwt", claims={"v": 9})

    with pytest.raises(WrongType):
        read_revocations(token, b"", jwk=cloud.jwk)


@pytest.mark.parametrize("odd", [{"v": "1"}, {"size": -1}, {"size": 2**40}, {"size": 17}, {"size": 3}, {"v": True}])
def test_a_signed_token_that_does_not_fit_its_bits_is_refused(cloud, odd):
    token, packed = written(cloud, {12})
    claims = peek_jws(token)[1] | odd
    odd_token = write_jws(signer=cloud, typ="revocations+jwt", claims=claims)

    with pytest.raises(BadSignature):
        read_revocations(odd_token, packed, jwk=cloud.jwk)


def test_bits_that_do_not_unpack_are_refused_even_if_signed(cloud):
    claims = {"v": 1, "iat": 1, "size": 8, "bits_sha256": hashlib.sha256(b"\xff").hexdigest()}
    store = MemoryKeystore()
    store.create("k")
    token = sign_jws(keystore=store, key="k", typ="revocations+jwt", claims=claims)

    with pytest.raises(BadSignature):
        read_revocations(token, b"\xff", jwk=store.public_key("k"))


@pytest.mark.parametrize("index", [-1, 2**24])
def test_an_index_that_no_device_can_have_is_refused(cloud, index):
    with pytest.raises(ValueError, match="outside"):
        written(cloud, {index})
