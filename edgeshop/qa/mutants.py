"""Mutated tokens, delegations, orders, grants, lists of issuer keys and signed requests: every one must be refused.

Only the functions that read them are called, on real signatures, so that a million takes minutes. A refusal is an
`EdgeShopError`; anything else that is raised counts as unhandled, and an answer counts as accepted. The controls are
the same messages unmutated: all of them must be accepted, or nothing would have been shown.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from edgeshop.checkout.services import envelope, seats, tokens
from edgeshop.checkout.services.grants import TYP as GRANT
from edgeshop.checkout.services.grants import demand_ours, read_grant
from edgeshop.checkout.services.seat_requests import read_delegation
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import DEVICE_KEY
from edgeshop.fleet.services.issuers import TYP as ISSUERS
from edgeshop.fleet.services.issuers import follow
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.ids import ReceiptNumber, uuid7
from edgeshop.qa.mutations import URL, Request, mutate_jws, mutate_request
from edgeshop.vault.services import (
    HotKey,
    MemoryKeystore,
    StoredKey,
    keystore,
    new_hot_key,
    peek_jws,
    sign_jws,
    sign_request,
    thumbprint,
    verify_request,
    write_jws,
)

KIOSK, OTHER = 12, 13
_KEPT_MAX = 20  # examples of what went wrong
Read = Callable[[Any], object]
Mutate = Callable[[Any, random.Random], Any]


@dataclass
class Mutated:
    """What became of the mutants. `accepted` and `unhandled` must be 0, `controls_accepted` must be `controls`."""

    count: int = 0
    accepted: int = 0
    unhandled: int = 0
    controls: int = 0
    controls_accepted: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Subject:
    """One kind of signed thing: how it is read, good ones, and ones rightly signed that say something wrong."""

    name: str
    read: Read
    good: list[Any]
    wrong: list[Any]
    mutate: Mutate


def mutants(seed: int, count: int) -> Mutated:
    """Try `count` mutants over all kinds in turn. No database; needs Django's settings and a keystore."""
    rng, done = random.Random(seed), Mutated()  # noqa: S311 -- mutants that can be made again
    subjects = _subjects()
    for subject in subjects:
        for good in subject.good:
            done.controls += 1
            done.controls_accepted += _verdict(subject, good) == "accepted"
    for n in range(count):
        subject = subjects[n % len(subjects)]
        is_wrong = bool(subject.wrong) and rng.random() < 0.05
        mutant = rng.choice(subject.wrong) if is_wrong else _other(subject, rng)
        verdict = _verdict(subject, mutant)
        done.count += 1
        done.accepted += verdict == "accepted"
        done.unhandled += verdict not in {"accepted", "refused"}
        if verdict != "refused" and len(done.examples) < _KEPT_MAX:
            done.examples.append(f"{subject.name} {verdict}: {str(mutant)[:300]}")
    return done


def _other(subject: Subject, rng: random.Random) -> Any:
    """A mutant that is not by chance one of the good ones."""
    while True:
        mutant = subject.mutate(rng.choice(subject.good), rng)
        if mutant not in subject.good:
            return mutant


def _verdict(subject: Subject, thing: Any) -> str:
    try:
        subject.read(thing)
    except EdgeShopError:
        return "refused"
    except Exception as odd:  # noqa: BLE001 -- finding these is what this is for
        return repr(odd)[:200]
    return "accepted"


def _subjects() -> list[Subject]:
    keystore().create(DEVICE_KEY)
    now, kiosk = int(clock.timestamp()), Kiosk(pk=KIOSK)
    hot = new_hot_key(subject=f"kiosk/{KIOSK}", now_s=now)
    theirs = new_hot_key(subject=f"kiosk/{OTHER}", now_s=now)
    browser, issuer = MemoryKeystore(), MemoryKeystore()
    jwk, cloud = browser.create("seat"), issuer.create("cloud")
    given = [_token(hot, jwk, now, n) for n in (1, 2)]
    readers: dict[str, Read] = {
        "token": lambda raw: envelope.open_token(raw, kiosk=kiosk),
        "delegation": lambda raw: read_delegation(raw, kiosk_id=KIOSK),
        "order": lambda raw: envelope.open_envelope(raw, kiosk=kiosk),
        "grant": lambda raw: _read_grant(raw, [cloud]),
        "issuers": lambda raw: follow([cloud], 0, [raw]),
        "request": lambda request: _read_request(request, hot),
    }
    made: dict[str, tuple[list[Any], list[Any]]] = {
        "token": (given, _wrong_tokens(hot, theirs, jwk, now)),
        "delegation": (_seats(hot, jwk, now), _wrong_seats(hot, theirs, jwk, now)),
        "order": ([_order(browser, token, now) for token in given], _wrong_orders(browser, given, now)),
        "grant": (_grants(issuer, now), _wrong_grants(issuer, now)),
        "issuers": ([_list(issuer, cloud, now)], [_list(issuer, cloud, now, typ=GRANT)]),
        "request": ([_request(hot, now)], []),
    }
    ways: dict[str, Mutate] = {"request": mutate_request}
    return [Subject(name, readers[name], *made[name], ways.get(name, mutate_jws)) for name in readers]


def _token(hot: HotKey, jwk: dict[str, str], now: int, seq: int, *, typ: str = tokens.TYP, **changed: Any) -> str:
    number = ReceiptNumber(3, KIOSK, 1, seq)
    claims = {
        "jti": str(number.token_id), "rn": str(number), "aud": KIOSK, "sub": str(uuid7()), "purpose": "screen",
        "max": 15_000, "book": 1, "iat": now, "exp": now + 3600, "cnf": {"jkt": thumbprint(jwk)}, "gid": "",
    }  # fmt: skip
    return hot.sign_jws(typ, claims | changed, {"cert": hot.certificate})


def _wrong_tokens(hot: HotKey, theirs: HotKey, jwk: dict[str, str], now: int) -> list[str]:
    mixed = hot.sign_jws(tokens.TYP, {"iat": now}, {"cert": theirs.certificate})
    return [
        _token(hot, jwk, now, 3, typ=seats.TYP), _token(hot, jwk, now, 3, aud=OTHER), _token(theirs, jwk, now, 3),
        _token(hot, jwk, now, 3, rn="3-13-1-3"), _token(hot, jwk, now, 3, jti=str(uuid7())), mixed,
        _token(hot, jwk, now, 3, iat=now + 90_000), _token(hot, jwk, now, 3, iat=str(now)),
        _token(hot, jwk, now, 3, max="15000"), _token(hot, jwk, now, 3, max=-1), _token(hot, jwk, now, 3, exp=10**30),
        _token(hot, jwk, now, 3, cnf={}), _token(hot, jwk, now, 3, purpose="king"),
        hot.sign_jws(tokens.TYP, {"iat": now}, {"cert": hot.certificate, "kid": theirs.kid}),
    ]  # fmt: skip


def _seats(hot: HotKey, jwk: dict[str, str], now: int) -> list[str]:
    return [_seat(hot, jwk, now) for _ in range(2)]


def _seat(hot: HotKey, jwk: dict[str, str], now: int, *, typ: str = seats.TYP, **changed: Any) -> str:
    claims = {"jti": str(uuid7()), "aud": KIOSK, "cnf": {"jkt": thumbprint(jwk)}, "iat": now, "exp": now + 3600}
    return hot.sign_jws(typ, claims | changed, {"cert": hot.certificate})


def _wrong_seats(hot: HotKey, theirs: HotKey, jwk: dict[str, str], now: int) -> list[str]:
    return [
        _seat(hot, jwk, now, typ=tokens.TYP), _seat(hot, jwk, now, aud=OTHER), _seat(theirs, jwk, now),
        _seat(hot, jwk, now, iat=now - 90_000), _seat(hot, jwk, now, exp="soon"), _seat(hot, jwk, now, cnf=None),
    ]  # fmt: skip


def _order(browser: MemoryKeystore, token: str, now: int, /, *, typ: str = envelope.TYP, **changed: Any) -> str:
    rn = peek_jws(token)[1]["rn"]
    claims = {
        "rn": rn, "token": token, "book": 1, "lines": [[104, 2, 10]], "total": 20, "tender": "cash", "at": float(now),
        "lang": "en",
    }  # fmt: skip
    jwk = browser.public_key("seat")
    headers = {"jwk": jwk, "kid": thumbprint(jwk)}
    return sign_jws(keystore=browser, key="seat", typ=typ, claims=claims | changed, headers=headers)


def _wrong_orders(browser: MemoryKeystore, given: list[str], now: int) -> list[str]:
    stranger = MemoryKeystore()
    stranger.create("seat")
    return [
        _order(stranger, given[0], now), _order(browser, given[0], now, typ="tokens+jws"),
        _order(browser, given[0], now, rn="3-12-1-2"), _order(browser, given[0], now, token=given[0][:-4]),
        _order(browser, given[0], now, at=1e300), _order(browser, given[0], now, lines=[[1, 0, 5]]),
        _order(browser, given[0], now, lines=[]), _order(browser, given[0], now, tender="promise"),
        _order(browser, given[0], now, token=None),
    ]  # fmt: skip


def _grants(issuer: MemoryKeystore, now: int) -> list[str]:
    return [_grant(issuer, now) for _ in range(2)]


def _grant(issuer: MemoryKeystore, now: int, *, typ: str = GRANT, headers: Any = None, **changed: Any) -> str:
    claims = {"jti": str(uuid7()), "sub": KIOSK, "currency": "EUR", "iat": now, "exp": now + 3600, "sum_ceil": 200_000}
    return write_jws(signer=StoredKey(issuer, "cloud"), typ=typ, claims=claims | changed, headers=headers)


def _wrong_grants(issuer: MemoryKeystore, now: int) -> list[str]:
    stranger = MemoryKeystore()
    stranger.create("cloud")
    kid = thumbprint(issuer.public_key("cloud"))
    return [
        _grant(issuer, now, typ=ISSUERS), _grant(issuer, now, sub=OTHER), _grant(issuer, now, sub=str(KIOSK)),
        _grant(issuer, now, currency="USD"), _grant(stranger, now), _grant(stranger, now, headers={"kid": kid}),
        _grant(issuer, now, headers={"kid": "cloud"}),
    ]  # fmt: skip


def _read_grant(raw: str, jwks: list[dict[str, str]]) -> None:
    demand_ours(read_grant(raw, jwks), kiosk_id=KIOSK, currency="EUR")


def _list(issuer: MemoryKeystore, jwk: dict[str, str], now: int, *, typ: str = ISSUERS) -> str:
    return write_jws(signer=StoredKey(issuer, "cloud"), typ=typ, claims={"keys": [jwk], "iat": now})


def _request(hot: HotKey, now: int) -> Request:
    headers = {"Content-Type": "application/octet-stream"}
    body, url = bytes(range(256)), f"{URL}?v=1"
    return "POST", url, sign_request("POST", url, headers, body, key=hot, created_s=now), body


def _read_request(request: Request, hot: HotKey) -> None:
    method, url, headers, body = request
    verify_request(method, url, headers, body, find_key=lambda kid: hot.jwk if kid == hot.kid else None)
