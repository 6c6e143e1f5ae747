"""Signed requests and answers: what a stranger on the line may change (nothing that counts) and what still passes."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import requests
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms

from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.errors import BadSignature, Expired
from edgeshop.vault.services import (
    MemoryKeystore,
    StoredKey,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)
from edgeshop.vault.services.p256 import ORDER, read_jwk

pytestmark = pytest.mark.unit

NOON = 1_800_000_000
URL = "https://cloud.example/sync?since=42&x=%C3%A9"
BODY = b"sixteen new facts"
SENT = {"Content-Type": "application/msgpack"}


@pytest.fixture(scope="module")
def store() -> MemoryKeystore:
    store = MemoryKeystore()
    for name in ("kiosk", "cloud", "thief"):
        store.create(name)
    return store


@pytest.fixture
def kiosk(store: MemoryKeystore) -> StoredKey:
    return StoredKey(store, "kiosk")


@pytest.fixture
def cloud(store: MemoryKeystore) -> StoredKey:
    return StoredKey(store, "cloud")


@pytest.fixture
def find_key(kiosk: StoredKey, cloud: StoredKey) -> Callable[[str], dict[str, str] | None]:
    return {"k12-3": kiosk.jwk, "c3": cloud.jwk}.get


@pytest.fixture
def headers(kiosk: StoredKey) -> dict[str, str]:
    return sign_request("POST", URL, SENT, BODY, key=kiosk, keyid="k12-3", created_s=NOON)


@pytest.fixture
def check(headers: dict[str, str], find_key: Any) -> Callable[..., str]:
    """Verify the good request with some part of it changed."""

    def verify(**change: Any) -> str:
        parts = {"method": "POST", "url": URL, "headers": headers, "body": BODY} | change
        options = {name: parts.pop(name) for name in list(parts) if name in ("also", "max_age_s", "now_s")}
        return verify_request(**parts, find_key=find_key, **({"now_s": NOON} | options))

    return verify


def flipped(signature: str) -> str:
    """A Signature header with s in the other half."""
    import base64

    raw = base64.b64decode(signature.split(":")[1])
    s = ORDER - int.from_bytes(raw[32:], "big")
    return f"s=:{base64.b64encode(raw[:32] + s.to_bytes(32, 'big')).decode()}:"


def test_a_signed_request_names_its_sender(check: Callable[..., str]) -> None:
    assert check() == "k12-3"


def test_the_profile_is_short(headers: dict[str, str], kiosk: StoredKey) -> None:
    bare = sign_request("get", "/sync", {}, b"", key=kiosk, keyid="k", created_s=NOON + 0.7)

    covered = '"@method" "@path" "@query" "content-digest"'
    assert headers["Signature-Input"] == f's=({covered});created={NOON};keyid="k12-3"'
    assert headers["Content-Digest"].startswith("sha-256=:")
    assert {name: headers[name] for name in SENT} == SENT
    assert set(bare) == {"Signature-Input", "Signature"}
    assert bare["Signature-Input"] == f's=("@method" "@path");created={NOON};keyid="k"'


def test_a_plain_verifier_of_the_standard_accepts_it(headers: dict[str, str], kiosk: StoredKey, monkeypatch) -> None:
    keys = MappingKeyResolver(public_keys={"k12-3": read_jwk(kiosk.jwk).public_key}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=keys)
    monkeypatch.setattr(verifier, "validate_created_and_expires", lambda *_args, **_kwargs: None)
    request = requests.Request("POST", URL, headers=headers, data=BODY).prepare()

    (result,) = verifier.verify(request, body=BODY)

    assert (result.label, result.parameters, result.body) == ("s", {"created": NOON, "keyid": "k12-3"}, BODY)


def test_the_key_is_named_by_its_thumbprint_when_nobody_names_it(kiosk: StoredKey) -> None:
    signed = sign_request("GET", "/", {}, b"", key=kiosk)

    assert verify_request("GET", "/", signed, b"", find_key={kiosk.kid: kiosk.jwk}.get) == kiosk.kid


@pytest.mark.parametrize(
    "url",
    ["http://django:8000/sync?since=42&x=%C3%A9", "/sync?since=42&x=%C3%A9", URL + "#part"],
)
def test_proxies_may_change_host_scheme_and_the_order_and_case_of_headers(
    check: Callable[..., str], headers: dict[str, str], url: str
) -> None:
    shouted = {name.upper(): value for name, value in reversed(headers.items())} | {"VIA": "1.1 proxy"}

    assert check(url=url, headers=shouted) == "k12-3"
    assert check(url=url, headers=requests.structures.CaseInsensitiveDict(headers)) == "k12-3"


@pytest.mark.parametrize(
    "change",
    [
        {"body": BODY + b" "},
        {"body": b""},
        {"method": "PUT"},
        {"url": URL.replace("/sync", "/syncs")},
        {"url": URL.replace("/sync", "/sync/")},
        {"url": URL.replace("since=42", "since=43")},
        {"url": URL.replace("%C3%A9", "%c3%a9")},
        {"url": URL + "&more=1"},
        {"url": URL.split("?")[0]},
        {"url": URL.split("?")[0] + "?"},
        {"url": "nonsense"},
        {"url": "http://[::1/"},
        {"url": ""},
        {"headers": {}},
        {"headers": SENT},
        {"also": ("content-type",)},
    ],
    ids=str,
)
def test_a_changed_request_is_refused(check: Callable[..., str], change: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        check(**change)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"),  # a second one in other letters
        ("Content-Digest", None),
        ("Content-Digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"),
        ("Signature", None),
        ("Signature", ""),
        ("Signature", "s=:AAAA:"),
        ("Signature", "s=:" + "A" * 86 + "==:"),
        ("Signature-Input", None),
        ("Signature-Input", 's=();created=1800000000;keyid="k12-3"'),
        ("Signature-Input", "\ud800"),
    ],
)
def test_a_changed_header_is_refused(check: Callable[..., str], headers: dict[str, str], name: str, value: Any) -> None:
    changed = {**headers, name: value}
    if value is None:
        del changed[name]

    with pytest.raises(BadSignature):
        check(headers=changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("s=(", "t=("),
        ("s=(", "sig1=("),
        (";created=1800000000", ""),
        (";created=1800000000", ";created=1800000001"),
        (";created=1800000000", ";created=-1"),
        (";created=1800000000", ";created=01800000000"),
        (";created=1800000000", ";created=99999999999999"),
        (";created=1800000000", ";created=1800000000.0"),
        ('keyid="k12-3"', 'keyid="c3"'),
        ('keyid="k12-3"', 'keyid="unknown"'),
        ('keyid="k12-3"', 'keyid=""'),
        ('keyid="k12-3"', 'keyid="k12-3";alg="ecdsa-p256-sha256"'),
        ('keyid="k12-3"', 'keyid="k12-3";nonce="1"'),
        (' "content-digest"', ""),
        ('"@method" "@path"', '"@path" "@method"'),
        ('"@path"', '"@path" "@authority"'),
        ("s=(", "s=( "),
    ],
)
def test_another_form_of_signature_input_is_refused(
    check: Callable[..., str], headers: dict[str, str], old: str, new: str
) -> None:
    assert old in headers["Signature-Input"]

    with pytest.raises(BadSignature):
        check(headers={**headers, "Signature-Input": headers["Signature-Input"].replace(old, new, 1)})


def test_the_high_s_twin_of_a_signature_is_refused(check: Callable[..., str], headers: dict[str, str]) -> None:
    twin = {**headers, "Signature": flipped(headers["Signature"])}

    assert check(headers={**twin, "Signature": flipped(twin["Signature"])}) == "k12-3"
    with pytest.raises(BadSignature):
        check(headers=twin)


def test_a_second_spelling_of_the_same_signature_is_refused(check: Callable[..., str], headers: dict[str, str]) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    signature = headers["Signature"]
    at = signature.rindex("==:") - 1
    respelt = signature[:at] + letters[letters.index(signature[at]) | 1] + signature[at + 1 :]

    for other in (respelt, signature.replace("==:", ":"), signature + ", t=:AAAA:", f"t=:AAAA:, {signature}"):
        with pytest.raises(BadSignature):
            check(headers={**headers, "Signature": other})


def test_a_signature_by_another_key_under_our_name_is_refused(store: MemoryKeystore, check: Callable[..., str]) -> None:
    forged = sign_request("POST", URL, SENT, BODY, key=StoredKey(store, "thief"), keyid="k12-3", created_s=NOON)

    with pytest.raises(BadSignature):
        check(headers=forged)


def test_random_damage_to_the_signature_headers_is_always_refused(
    check: Callable[..., str], headers: dict[str, str]
) -> None:
    dice, accepted = random.Random(11), 0
    for _ in range(1_000):
        name = dice.choice(["Signature", "Signature-Input", "Content-Digest"])
        text = headers[name]
        at = dice.randrange(len(text))
        damaged = text[:at] + dice.choice(["", "A", '"', ":", ";", "(", "é", "\x00", "=1", "\n"]) + text[at + 1 :]
        if damaged == text:
            continue
        try:
            check(headers={**headers, name: damaged})
        except BadSignature:
            continue
        accepted += 1

    assert accepted == 0


@pytest.mark.parametrize(("late_s", "is_fine"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_request_passes_only_within_the_window(check: Callable[..., str], late_s: int, is_fine: bool) -> None:
    if is_fine:
        assert check(now_s=NOON + late_s) == "k12-3"
    else:
        with pytest.raises(Expired) as refused:
            check(now_s=NOON + late_s)
        assert refused.value.fields == {"now_s": NOON + late_s, "created_s": NOON}


def test_the_window_is_the_callers_choice(check: Callable[..., str]) -> None:
    year = 365 * 86_400

    assert check(now_s=NOON + year, max_age_s=None) == "k12-3"
    assert check(now_s=NOON + 10, max_age_s=10) == "k12-3"
    with pytest.raises(Expired):
        check(now_s=NOON + 11, max_age_s=10)


def test_only_a_genuine_request_is_told_about_its_time(check: Callable[..., str]) -> None:
    with pytest.raises(BadSignature):
        check(now_s=NOON + 10_000, body=b"forged")


def test_time_is_the_kernels_when_the_caller_has_none(kiosk: StoredKey, monkeypatch: pytest.MonkeyPatch) -> None:
    find_key = {"k": kiosk.jwk}.get
    monkeypatch.setattr(clock, "timestamp", lambda: float(NOON))
    headers = sign_request("GET", "/", {}, b"", key=kiosk, keyid="k")
    assert verify_request("GET", "/", headers, b"", find_key=find_key) == "k"

    monkeypatch.setattr(clock, "timestamp", lambda: NOON + 301.0)
    with pytest.raises(Expired):
        verify_request("GET", "/", headers, b"", find_key=find_key)


def test_a_failing_key_lookup_is_not_mistaken_for_a_bad_signature(headers: dict[str, str]) -> None:
    def broken(keyid: str) -> dict[str, str]:
        raise ConnectionError(keyid)

    with pytest.raises(ConnectionError, match="k12-3"):
        verify_request("POST", URL, headers, BODY, find_key=broken, now_s=NOON)


def test_further_headers_are_covered_when_both_sides_say_so(kiosk: StoredKey, find_key: Any) -> None:
    also = ("ack",)
    signed = sign_request("GET", "/", {"Ack": "100"}, b"", key=kiosk, keyid="k12-3", also=also, created_s=NOON)
    verify = {"find_key": find_key, "also": also, "now_s": NOON}

    assert verify_request("GET", "/", signed, b"", **verify) == "k12-3"
    with pytest.raises(BadSignature):
        verify_request("GET", "/", {**signed, "Ack": "200"}, b"", **verify)
    with pytest.raises(BadSignature):
        verify_request("GET", "/", {k: v for k, v in signed.items() if k != "Ack"}, b"", **verify)
    with pytest.raises(BadSignature):
        verify_request("GET", "/", signed, b"", find_key=find_key, now_s=NOON)


def test_signing_again_replaces_the_old_signature(kiosk: StoredKey, headers: dict[str, str], find_key: Any) -> None:
    again = sign_request("POST", URL, headers, b"other", key=kiosk, keyid="k12-3", created_s=NOON)

    assert set(again) == set(headers)
    assert verify_request("POST", URL, again, b"other", find_key=find_key, now_s=NOON) == "k12-3"


@pytest.mark.parametrize(
    "change",
    [
        {"url": "no url"},
        {"url": "https://cloud.example/é"},
        {"headers": {"Ack": "a\nb"}, "also": ("ack",)},
        {"also": ("absent",)},
        {"keyid": 'a"b'},
        {"keyid": "k" * 65},
    ],
    ids=str,
)
def test_what_cannot_be_signed_is_said_at_once(kiosk: StoredKey, change: dict[str, Any]) -> None:
    parts = {"method": "GET", "url": "/", "headers": {}, "body": b"", "keyid": "k"} | change

    with pytest.raises(InvalidInput):
        sign_request(**parts, key=kiosk)


class TestAnswers:
    ANSWER = b"the acknowledgement"

    @pytest.fixture
    def answer(self, cloud: StoredKey, headers: dict[str, str]) -> dict[str, str]:
        return sign_response(
            200,
            {"Ack": "7"},
            self.ANSWER,
            request_headers=headers,
            key=cloud,
            keyid="c3",
            also=("ack",),
            created_s=NOON,
        )

    @pytest.fixture
    def check_answer(self, answer: dict[str, str], headers: dict[str, str], find_key: Any) -> Callable[..., str]:
        def verify(**change: Any) -> str:
            parts = {"status": 200, "headers": answer, "body": self.ANSWER, "request_headers": headers} | change
            return verify_response(**parts, find_key=find_key, also=("ack",))

        return verify

    def test_a_signed_answer_names_its_sender(self, check_answer: Callable[..., str], answer: dict[str, str]) -> None:
        assert check_answer() == "c3"
        assert answer["Signature-Input"] == (
            f's=("@status" "signature";req "content-digest" "ack");created={NOON};keyid="c3"'
        )

    def test_an_answer_to_the_very_same_request_sent_again_is_another_answer(
        self, check_answer: Callable[..., str], kiosk: StoredKey
    ) -> None:
        again = sign_request("POST", URL, SENT, BODY, key=kiosk, keyid="k12-3", created_s=NOON)

        with pytest.raises(BadSignature):
            check_answer(request_headers=again)

    @pytest.mark.parametrize(
        "change",
        [
            {"status": 201},
            {"body": b""},
            {"body": b"the acknowledgemenT"},
            {"request_headers": {}},
            {"headers": {}},
            {"headers": {"Ack": "7"}},
        ],
        ids=str,
    )
    def test_a_changed_answer_is_refused(self, check_answer: Callable[..., str], change: dict[str, Any]) -> None:
        with pytest.raises(BadSignature):
            check_answer(**change)

    @pytest.mark.parametrize(("name", "value"), [("Ack", "8"), ("Ack", None), ("Content-Digest", None)])
    def test_a_changed_header_of_an_answer_is_refused(
        self, check_answer: Callable[..., str], answer: dict[str, str], name: str, value: str | None
    ) -> None:
        changed = {n: v for n, v in {**answer, name: value}.items() if v is not None}

        with pytest.raises(BadSignature):
            check_answer(headers=changed)

    def test_a_request_is_no_answer_and_an_answer_no_request(
        self,
        check_answer: Callable[..., str],
        check: Callable[..., str],
        answer: dict[str, str],
        headers: dict[str, str],
    ) -> None:
        with pytest.raises(BadSignature):
            check_answer(headers=headers)
        with pytest.raises(BadSignature):
            check(headers=answer)

    def test_an_empty_answer_has_no_digest_and_takes_no_body(
        self, cloud: StoredKey, headers: dict[str, str], find_key: Any
    ) -> None:
        signed = sign_response(204, {}, b"", request_headers=headers, key=cloud, keyid="c3", created_s=NOON)
        verify = {"request_headers": headers, "find_key": find_key}

        assert set(signed) == {"Signature-Input", "Signature"}
        assert verify_response(204, signed, b"", **verify) == "c3"
        with pytest.raises(BadSignature):
            verify_response(204, signed, b"x", **verify)

    def test_an_answer_may_be_asked_for_its_age(
        self, answer: dict[str, str], headers: dict[str, str], find_key: Any
    ) -> None:
        parts = {"request_headers": headers, "find_key": find_key, "also": ("ack",), "max_age_s": 60}

        assert verify_response(200, answer, self.ANSWER, **parts, now_s=NOON + 60) == "c3"
        with pytest.raises(Expired):
            verify_response(200, answer, self.ANSWER, **parts, now_s=NOON + 61)

    def test_there_is_no_signed_answer_to_an_unsigned_request(self, cloud: StoredKey) -> None:
        with pytest.raises(InvalidInput):
            sign_response(200, {}, b"", request_headers={}, key=cloud)
