"""Tokens: written one way, and read no other way."""

import base64
import hashlib
import hmac
import json
import random
from typing import Any

import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey

from edgeshop.kernel.errors import EdgeShopError, InvalidInput
from edgeshop.vault.errors import BadSignature, KeyMissing, WrongType
from edgeshop.vault.services import (
    MemoryKeystore,
    peek_jws,
    sign_jws,
    signing_input_sha256,
    thumbprint,
    verify_jws,
)
from edgeshop.vault.services.p256 import ORDER

pytestmark = pytest.mark.unit

CLAIMS = {"rn": "3-12-1-407", "lines": [[17, 2, 450]], "total": 900, "lang": "ar", "note": "شاي"}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def jwk(memory: MemoryKeystore) -> dict[str, str]:
    return memory.create("device")


@pytest.fixture
def token(memory: MemoryKeystore, jwk: dict[str, str]) -> str:
    return sign_jws(keystore=memory, key="device", typ="order+jws", claims=CLAIMS)


def crafted(store: MemoryKeystore, header: Any, body: bytes, *, key: str = "device") -> str:
    """A token with any header and body, and a good ES256 signature over them."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    signed = f"{b64(head)}.{b64(body)}"
    return f"{signed}.{b64(store.sign(key, signed.encode()))}"


def with_signature(token: str, signature: bytes) -> str:
    return f"{token.rpartition('.')[0]}.{b64(signature)}"


def test_what_was_signed_comes_back(token: str, jwk: dict[str, str]) -> None:
    assert verify_jws(token, jwk=jwk, typ="order+jws") == CLAIMS


def test_the_header_names_type_algorithm_and_key(token: str, jwk: dict[str, str]) -> None:
    assert peek_jws(token) == ({"alg": "ES256", "typ": "order+jws", "kid": thumbprint(jwk)}, CLAIMS)


def test_a_plain_jose_library_reads_our_tokens(token: str, jwk: dict[str, str]) -> None:
    read = joserfc_jws.deserialize_compact(token, ECKey.import_key(dict(jwk)), algorithms=["ES256"])

    assert json.loads(read.payload) == CLAIMS


def test_we_read_the_tokens_of_a_plain_jose_library_when_they_are_low_s(jwk: dict[str, str]) -> None:
    seat = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "typ": "order+jws"}
    token = joserfc_jws.serialize_compact(header, json.dumps(CLAIMS), seat, algorithms=["ES256"])
    signature = unb64(token.rpartition(".")[2])
    s = int.from_bytes(signature[32:], "big")

    low = with_signature(token, signature[:32] + min(s, ORDER - s).to_bytes(32, "big"))

    assert verify_jws(low, jwk=seat.as_dict(private=False), typ="order+jws") == CLAIMS


def test_headers_of_the_caller_travel_and_may_name_the_key(memory: MemoryKeystore, jwk: dict[str, str]) -> None:
    headers = {"kid": "g7", "jwk": jwk, "cert": "x" * 900}
    token = sign_jws(keystore=memory, key="device", typ="token+jwt", claims=CLAIMS, headers=headers)

    assert peek_jws(token)[0] == {"alg": "ES256", "typ": "token+jwt", **headers}
    assert verify_jws(token, jwk=jwk, typ="token+jwt") == CLAIMS


@pytest.mark.parametrize("name", ["alg", "typ", "crit", "b64"])
def test_fixed_headers_cannot_be_set(memory: MemoryKeystore, jwk: dict[str, str], name: str) -> None:
    with pytest.raises(InvalidInput):
        sign_jws(keystore=memory, key="device", typ="x", claims={}, headers={name: "none"})


@pytest.mark.parametrize("claims", [{"x": float("nan")}, {"x": b"bytes"}, {"x": "y" * 70_000}, [1]])
def test_claims_that_nobody_could_read_are_not_signed(memory: MemoryKeystore, jwk: dict[str, str], claims: Any) -> None:
    with pytest.raises(EdgeShopError):
        sign_jws(keystore=memory, key="device", typ="x", claims=claims)


def test_signing_with_a_missing_key_says_so(memory: MemoryKeystore) -> None:
    with pytest.raises(KeyMissing):
        sign_jws(keystore=memory, key="device", typ="x", claims={})


def test_the_high_s_twin_is_refused(token: str, jwk: dict[str, str]) -> None:
    signature = unb64(token.rpartition(".")[2])
    twin = with_signature(token, signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big"))

    # The control: the twin is a good signature to a verifier that does not look.
    joserfc_jws.deserialize_compact(twin, ECKey.import_key(dict(jwk)), algorithms=["ES256"])
    with pytest.raises(BadSignature):
        verify_jws(twin, jwk=jwk, typ="order+jws")


def test_the_identity_of_a_token_is_the_same_for_all_its_signatures(
    memory: MemoryKeystore, jwk: dict[str, str], token: str
) -> None:
    again = sign_jws(keystore=memory, key="device", typ="order+jws", claims=CLAIMS)

    assert again != token
    assert signing_input_sha256(again) == signing_input_sha256(token)
    assert signing_input_sha256(token) == hashlib.sha256(token.rpartition(".")[0].encode()).digest()
    with pytest.raises(BadSignature):
        signing_input_sha256("no.token")


@pytest.mark.parametrize("typ", ["token+jwt", "ORDER+JWS", "order+jws ", ""])
def test_another_type_is_refused(token: str, jwk: dict[str, str], typ: str) -> None:
    with pytest.raises(WrongType) as refused:
        verify_jws(token, jwk=jwk, typ=typ)

    assert refused.value.fields == {"wanted": typ, "typ": "order+jws"}


def test_a_token_without_a_type_is_refused(memory: MemoryKeystore, jwk: dict[str, str]) -> None:
    with pytest.raises(WrongType):
        verify_jws(crafted(memory, {"alg": "ES256"}, b"{}"), jwk=jwk, typ="order+jws")


@pytest.mark.parametrize("alg", ["none", "HS256", "ES384", "EdDSA", "es256", "", None, ["ES256"], 7])
def test_another_algorithm_is_refused_even_with_a_good_signature(
    memory: MemoryKeystore, jwk: dict[str, str], alg: Any
) -> None:
    with pytest.raises(BadSignature):
        verify_jws(crafted(memory, {"alg": alg, "typ": "x"}, b"{}"), jwk=jwk, typ="x")


def test_an_unsigned_token_is_refused(jwk: dict[str, str]) -> None:
    unsigned = f"{b64(json.dumps({'alg': 'none', 'typ': 'x'}).encode())}.{b64(b'{}')}."

    with pytest.raises(BadSignature):
        verify_jws(unsigned, jwk=jwk, typ="x")


def test_a_public_key_is_no_hmac_secret(jwk: dict[str, str]) -> None:
    signed = f"{b64(json.dumps({'alg': 'HS256', 'typ': 'x'}).encode())}.{b64(b'{}')}"
    secret = ECKey.import_key(dict(jwk)).as_pem(private=False)
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()

    for signature in (mac, mac + mac):
        with pytest.raises(BadSignature):
            verify_jws(f"{signed}.{b64(signature)}", jwk=jwk, typ="x")


def test_another_key_is_refused_even_when_the_header_carries_it(memory: MemoryKeystore, jwk: dict[str, str]) -> None:
    thief = memory.create("thief")
    headers = {"jwk": thief, "kid": thumbprint(jwk)}
    token = sign_jws(keystore=memory, key="thief", typ="x", claims={}, headers=headers)

    assert verify_jws(token, jwk=thief, typ="x") == {}
    with pytest.raises(BadSignature):
        verify_jws(token, jwk=jwk, typ="x")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "typ": "x", "crit": ["exp"], "exp": 1},
        {"alg": "ES256", "typ": "x", "crit": []},
        {"alg": "ES256", "typ": "x", "b64": False, "crit": ["b64"]},
        {"alg": "ES256", "typ": "x", "b64": True},
        ["alg", "typ"],
        "alg",
        7,
        None,
        b'{"alg":"ES256","typ":"x","typ":"x"}',
        b"\xff",
        b"",
        b"[" * 3000,
        b'{"alg":"ES256","typ":"x","n":NaN}',
    ],
)
def test_odd_headers_are_refused_even_with_a_good_signature(
    memory: MemoryKeystore, jwk: dict[str, str], header: Any
) -> None:
    with pytest.raises(BadSignature):
        verify_jws(crafted(memory, header, b"{}"), jwk=jwk, typ="x")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"a":1,"a":2}', b"[" * 40_000, b'{"a":1}x', b"\xfe"])
def test_odd_bodies_are_refused_even_with_a_good_signature(
    memory: MemoryKeystore, jwk: dict[str, str], body: bytes
) -> None:
    with pytest.raises(BadSignature):
        verify_jws(crafted(memory, {"alg": "ES256", "typ": "x"}, body), jwk=jwk, typ="x")


def test_crafted_tokens_pass_when_nothing_is_odd(memory: MemoryKeystore, jwk: dict[str, str]) -> None:
    assert verify_jws(crafted(memory, {"alg": "ES256", "typ": "x"}, b'{"a":1}'), jwk=jwk, typ="x") == {"a": 1}


@pytest.mark.parametrize("tail", ["=", "==", ".", "A", "AAAA", "\n", " ", "\x00", ".AAAA", "é"])
def test_trailing_bytes_are_refused(token: str, jwk: dict[str, str], tail: str) -> None:
    for longer in (token + tail, tail + token, token.replace(".", tail + ".", 1)):
        with pytest.raises(BadSignature):
            verify_jws(longer, jwk=jwk, typ="order+jws")


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_unused_bits_of_the_last_letter_must_be_zero(token: str, jwk: dict[str, str], bits: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters[letters.index(token[-1]) | bits]

    assert unb64(token[:-1].rpartition(".")[2] + last) == unb64(token.rpartition(".")[2])
    with pytest.raises(BadSignature):
        verify_jws(token[:-1] + last, jwk=jwk, typ="order+jws")


@pytest.mark.parametrize("odd", ["", ".", "..", "a.b", "a.b.c.d", "a" * 80_000, None, 7, b"a.b.c", {"a": 1}])
def test_what_is_no_token_at_all_is_refused(jwk: dict[str, str], odd: Any) -> None:
    with pytest.raises(BadSignature):
        verify_jws(odd, jwk=jwk, typ="x")


def test_two_thousand_random_mutations_are_all_refused(token: str, jwk: dict[str, str]) -> None:
    dice = random.Random(20_240_229)
    accepted = 0
    for _ in range(2_000):
        mutant = mutated(token, dice)
        assert mutant != token
        try:
            verify_jws(mutant, jwk=jwk, typ="order+jws")
        except (BadSignature, WrongType):
            continue
        accepted += 1

    assert accepted == 0
    assert verify_jws(token, jwk=jwk, typ="order+jws") == CLAIMS


def mutated(token: str, dice: random.Random) -> str:
    """One to three random changes: other letters, bits of the decoded parts, cuts, doubles, swaps and strange text."""
    text = token
    while text == token:
        for _ in range(dice.randint(1, 3)):
            text = dice.choice([_letter, _bit, _cut, _double, _swap, _strange])(text, dice)
    return text


def _letter(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice("ABCxyz019-_.+/=") + text[at + 1 :]


def _bit(text: str, dice: random.Random) -> str:
    parts = text.split(".")
    at = dice.randrange(len(parts))
    try:
        data = bytearray(unb64(parts[at]))
    except ValueError:
        return text
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    parts[at] = b64(bytes(data))
    return ".".join(parts)


def _cut(text: str, dice: random.Random) -> str:
    start = dice.randrange(len(text) + 1)
    return text[:start] + text[start + dice.randint(1, 40) :]


def _double(text: str, dice: random.Random) -> str:
    start = dice.randrange(len(text) + 1)
    return text[:start] + text[max(0, start - dice.randint(1, 40)) :]


def _swap(text: str, dice: random.Random) -> str:
    parts = text.split(".")
    dice.shuffle(parts)
    return ".".join(parts)


def _strange(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(["\x00", "é", "\ud800", "\n", " ", "null", "..", "e30", "🔑"]) + text[at:]
