"""Hot keys: vouched for by the device key, for a day at most."""

from typing import Any

import pytest

from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature, Expired, KeyMissing, WrongType
from edgeshop.vault.services import (
    HotKey,
    MemoryKeystore,
    current_hot_key,
    hot_keys,
    new_hot_key,
    peek_jws,
    sign_jws,
    thumbprint,
    verify_hot_certificate,
    verify_jws,
)
from edgeshop.vault.services.p256 import to_point

pytestmark = pytest.mark.unit

NOON = 1_800_000_000


@pytest.fixture
def device(memory: MemoryKeystore) -> dict[str, str]:
    return memory.create("device")


@pytest.fixture
def hot(memory: MemoryKeystore, device: dict[str, str]) -> HotKey:
    return new_hot_key(subject="kiosk-12", keystore=memory, lifetime_s=3600, now_s=NOON + 0.9)


def test_the_certificate_says_who_until_when_and_which_key(hot: HotKey, device: dict[str, str]) -> None:
    header, claims = peek_jws(hot.certificate)

    assert header == {"alg": "ES256", "typ": "hot+cert", "kid": thumbprint(device)}
    assert claims == {"key": to_point(hot.jwk), "sub": "kiosk-12", "iat": NOON, "exp": NOON + 3600}
    assert (hot.kid, hot.issued_s, hot.expires_s) == (thumbprint(hot.jwk), NOON, NOON + 3600)


def test_the_chain_holds_from_device_to_token(hot: HotKey, device: dict[str, str]) -> None:
    token = hot.sign_jws("token+jwt", {"rn": "3-12-1-407"}, {"cert": hot.certificate})

    header, _ = peek_jws(token)
    vouched = verify_hot_certificate(header["cert"], issuer_jwk=device, now_s=NOON + 10, subject="kiosk-12")

    assert vouched == hot.jwk
    assert header["kid"] == hot.kid
    assert verify_jws(token, jwk=vouched, typ="token+jwt") == {"rn": "3-12-1-407"}


def test_its_secret_is_not_shown(hot: HotKey) -> None:
    assert "_key" not in repr(hot)


@pytest.mark.parametrize(("at", "is_fine"), [(-301, False), (-300, True), (0, True), (3599, True), (3600, False)])
def test_the_certificate_holds_from_its_time_to_its_time(
    hot: HotKey, device: dict[str, str], at: int, is_fine: bool
) -> None:
    if is_fine:
        assert verify_hot_certificate(hot.certificate, issuer_jwk=device, now_s=NOON + at) == hot.jwk
    else:
        with pytest.raises(Expired) as refused:
            verify_hot_certificate(hot.certificate, issuer_jwk=device, now_s=NOON + at)
        assert refused.value.fields == {"now_s": NOON + at, "issued_s": NOON, "expires_s": NOON + 3600}


def test_time_is_the_kernels_when_the_caller_has_none(
    memory: MemoryKeystore, device: dict[str, str], monkeypatch
) -> None:
    monkeypatch.setattr(clock, "timestamp", lambda: NOON + 0.5)
    hot = new_hot_key(subject="kiosk-12", keystore=memory)
    assert verify_hot_certificate(hot.certificate, issuer_jwk=device) == hot.jwk

    monkeypatch.setattr(clock, "timestamp", lambda: NOON + 86_400.0)
    with pytest.raises(Expired):
        verify_hot_certificate(hot.certificate, issuer_jwk=device)


def test_another_issuer_subject_or_kind_is_refused(hot: HotKey, memory: MemoryKeystore, device: dict[str, str]) -> None:
    token = hot.sign_jws("token+jwt", {})
    other = memory.create("other")

    with pytest.raises(BadSignature):
        verify_hot_certificate(hot.certificate, issuer_jwk=other, now_s=NOON)
    with pytest.raises(BadSignature):
        verify_hot_certificate(hot.certificate, issuer_jwk=device, now_s=NOON, subject="kiosk-13")
    with pytest.raises(WrongType):
        verify_hot_certificate(token, issuer_jwk=hot.jwk, now_s=NOON)


@pytest.mark.parametrize(
    "change",
    [
        {"exp": NOON + 86_401},  # a certificate may not outlive the day, whoever signs it
        {"exp": NOON},
        {"exp": "later"},
        {"exp": True},
        {"iat": None},
        {"iat": NOON + 0.5},
    ],
)
def test_rightly_signed_but_odd_certificates_are_refused(
    hot: HotKey, memory: MemoryKeystore, device: dict[str, str], change: dict[str, Any]
) -> None:
    good = {"key": to_point(hot.jwk), "sub": "kiosk-12", "iat": NOON, "exp": NOON + 86_400}
    certify = {"keystore": memory, "key": "device", "typ": "hot+cert"}
    assert verify_hot_certificate(sign_jws(claims=good, **certify), issuer_jwk=device, now_s=NOON) == hot.jwk

    with pytest.raises(BadSignature):
        verify_hot_certificate(sign_jws(claims=good | change, **certify), issuer_jwk=device, now_s=NOON)


@pytest.mark.parametrize("key", [None, "key", {}, "ü", "A" * 44, "Ag" + "_" * 42, "BA" + "A" * 86])
def test_a_certificate_for_no_key_is_refused(memory: MemoryKeystore, device: dict[str, str], key: Any) -> None:
    claims = {"key": key, "sub": "kiosk-12", "iat": NOON, "exp": NOON + 60}
    certificate = sign_jws(keystore=memory, key="device", typ="hot+cert", claims=claims)

    with pytest.raises((BadSignature, InvalidInput)):
        verify_hot_certificate(certificate, issuer_jwk=device, now_s=NOON)


@pytest.mark.parametrize("lifetime_s", [0, -1, 86_401])
def test_a_hot_key_lives_at_most_a_day(memory: MemoryKeystore, device: dict[str, str], lifetime_s: int) -> None:
    with pytest.raises(InvalidInput):
        new_hot_key(subject="kiosk-12", keystore=memory, lifetime_s=lifetime_s)


def test_without_a_device_key_there_is_no_hot_key(memory: MemoryKeystore) -> None:
    with pytest.raises(KeyMissing):
        new_hot_key(subject="kiosk-12", keystore=memory)


class TestCurrent:
    @pytest.fixture(autouse=True)
    def _own(self, memory: MemoryKeystore, device: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(hot_keys, "own_keystore", lambda: memory)
        monkeypatch.setattr(hot_keys, "_held", {})

    def test_it_stays_the_same_for_two_thirds_of_its_life(self) -> None:
        first = current_hot_key(subject="kiosk-12", now_s=NOON)

        assert current_hot_key(subject="kiosk-12", now_s=NOON + 57_599) is first
        renewed = current_hot_key(subject="kiosk-12", now_s=NOON + 57_600)
        assert (renewed.kid != first.kid, renewed.issued_s) == (True, NOON + 57_600)
        assert current_hot_key(subject="kiosk-12", now_s=NOON + 57_601) is renewed

    def test_it_is_renewed_when_the_clock_goes_back_before_it(self) -> None:
        first = current_hot_key(subject="kiosk-12", now_s=NOON)

        assert current_hot_key(subject="kiosk-12", now_s=NOON - 1).issued_s == NOON - 1 != first.issued_s

    def test_each_subject_and_issuer_has_its_own(self, memory: MemoryKeystore) -> None:
        memory.create("grants")

        kids = {
            current_hot_key(subject=subject, key=key, now_s=NOON).kid
            for subject in ("kiosk-12", "kiosk-13")
            for key in ("device", "grants")
        }

        assert len(kids) == 4
