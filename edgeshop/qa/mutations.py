"""The ways to change a signed thing: its characters, its parts, its header, its claims, its signature."""

import base64
import json
import random
from collections.abc import Callable
from typing import Any

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n of P-256: a twin has s' = n - s
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
URL = "/sync"
Request = tuple[str, str, dict[str, str], bytes]  # method, URL, headers, body


def mutate_jws(token: str, rng: random.Random) -> str:
    """One of the ways to change a token: its characters, its parts, its header, its claims, its signature."""
    return rng.choice(_WAYS)(token, rng)


def _flip(token: str, rng: random.Random) -> str:
    at = rng.randrange(len(token))
    return token[:at] + rng.choice(_BASE64 + ".=+/ \u00e9") + token[at + 1 :]


def _flip_bit(token: str, rng: random.Random) -> str:
    parts = [bytearray(_decoded(part)) for part in token.split(".")]
    part = rng.choice(parts)
    part[rng.randrange(len(part))] ^= 1 << rng.randrange(8)
    return ".".join(_encoded(bytes(part)) for part in parts)


def _cut(token: str, rng: random.Random) -> str:
    at = rng.randrange(len(token))
    return rng.choice((token[:at], token[at:], token[:at] + token[at + 1 :]))


def _grow(token: str, rng: random.Random) -> str:
    at = rng.randrange(len(token) + 1)
    return token[:at] + rng.choice(("A", "=", ".", "\n", " ", "\x00", "AAAA")) + token[at:]


def _swap_parts(token: str, rng: random.Random) -> str:
    parts = token.split(".")
    rng.shuffle(parts)
    return ".".join(parts if rng.random() < 0.8 else [*parts, parts[0]])


def _twin(token: str, _rng: random.Random) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body}.{_encoded(_twin_of(_decoded(signature)))}"


def _twin_of(raw: bytes) -> bytes:
    return raw[:32] + (_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")


def _odd_signature(token: str, rng: random.Random) -> str:
    head, body, signature = token.split(".")
    raw = _decoded(signature)
    odd = rng.choice(
        (b"", bytes(64), raw[:32] + bytes(32), bytes(32) + raw[32:], b"\xff" * 64, raw + raw, raw[32:] + raw[:32])
    )
    return f"{head}.{body}.{_encoded(odd)}"


def _header(token: str, rng: random.Random) -> str:
    head, body, signature = token.split(".")
    header = json.loads(_decoded(head))
    name, value = rng.choice(_HEADERS)
    if value is None:
        header.pop(name, None)
        header["x"] = 1
    else:
        header[name] = value
    return f"{_encoded(_json(header))}.{body}.{signature}"


_HEADERS: list[tuple[str, Any]] = [
    ("alg", "none"), ("alg", "HS256"), ("alg", "ES384"), ("alg", None), ("alg", 7), ("typ", "JWT"), ("typ", None),
    ("kid", "cloud"), ("kid", None), ("kid", {}), ("crit", ["b64"]), ("b64", False), ("jwk", {}), ("jwk", None),
    ("cert", ""), ("cert", None), ("cert", "a.b.c"), ("cert", 1), ("jku", "https://example.org"), ("zip", "DEF"),
]  # fmt: skip


def _claims(token: str, rng: random.Random) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(_decoded(body))
    name = rng.choice(list(claims))
    claims[name] = rng.choice((None, 0, 10**9, -1, "x", [], {}, 1e308, True))
    return f"{head}.{_encoded(_json(claims))}.{signature}"


def _not_json(token: str, rng: random.Random) -> str:
    parts = token.split(".")
    odd = rng.choice(
        (b"", b"[]", b"1", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 2000, b'{"iat":NaN}', b'{"iat":1e999}')
    )
    parts[rng.randrange(2)] = _encoded(odd)
    return ".".join(parts)


_WAYS: list[Callable[[str, random.Random], str]] = [
    _flip, _flip_bit, _flip_bit, _cut, _grow, _swap_parts, _twin, _odd_signature, _header, _claims, _not_json,
]  # fmt: skip


def mutate_request(request: Request, rng: random.Random) -> Request:
    """Another method, target, body, or another word in the signature's headers."""
    method, url, headers, body = request
    which = rng.randrange(5)
    if which == 0:
        return rng.choice(("GET", "PUT", "DELETE")), url, headers, body
    if which == 1:
        return (
            method,
            rng.choice((URL, f"{URL}?v=2", f"{URL}/?v=1", "/?v=1", f"{URL}?v=1&v=1", "http://[/?v=1")),
            headers,
            body,
        )
    if which == 2:
        at = rng.randrange(len(body))
        flipped = bytes([body[at] ^ (1 << rng.randrange(8))])
        return method, url, headers, rng.choice((b"", body[:at], body[:at] + flipped + body[at + 1 :], body + b"\x00"))
    return method, url, _mutate_headers(headers, rng), body


def _mutate_headers(headers: dict[str, str], rng: random.Random) -> dict[str, str]:
    name = rng.choice([n for n in headers if n.lower() in {"signature", "signature-input", "content-digest"}])
    value, changed = headers[name], dict(headers)
    which = rng.randrange(6)
    if which == 0:
        del changed[name]
    elif which == 1:
        changed[name.swapcase()] = value  # twice, in two spellings
    elif which == 2 and name.lower() == "signature":
        raw = base64.b64decode(value.partition(":")[2].rstrip(":"))
        changed[name] = f"s=:{base64.b64encode(_twin_of(raw)).decode()}:"
    elif which == 3:
        changed[name] = rng.choice(
            ("", "s=::", "()", "s=()", f"{value}, {value}", f"x{value}", value.replace("s=", "t=", 1))
        )
    elif which == 4:
        changed[name] = _cut(value, rng)
    else:
        changed[name] = _flip(value, rng)
    return changed


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
