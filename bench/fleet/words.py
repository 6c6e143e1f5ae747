"""What a simulated kiosk says in each contact and what it makes of the answer: the sections of a real one.

Each section says what the real one would and takes what a real one would act on; what it has moved counts `moved.py`.
Left out: wrapping keys are one key for all, since RSA keys are slow to make, and what is lent is kept unopened; grants
and certificates are believed, since the answer that brought them was signed; pages are unpacked, and only their place
is kept, so no stream can differ and nobody says `repair`; the goods are too few for `bundles`; a table is held, and
does not decide when a contact is made.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bench.fleet.moved import Ledger
from bench.fleet.till import Till
from edgeshop import __version__
from edgeshop.fleet.services.short_heads import TYP
from edgeshop.fleet.services.twin.document import Held, taken
from edgeshop.fleet.services.twin.reporting import report_hash
from edgeshop.sync.services.feed import unpack_pages
from edgeshop.sync.services.promises import mark_of
from edgeshop.vault.services import (
    WRAP_KEY,
    HotKey,
    MemoryKeystore,
    peek_jws,
    read_certificate,
    thumbprint,
    wrap_thumbprint,
)

_REPORT: dict[str, Any] = {"parts": {}, "steps": {}, "health": {}}
_MARK = bytes.fromhex(report_hash(_REPORT))[:4]
_SERIAL_CHARS = 8
_LEVEL = 1


@cache
def _wrap_jwk() -> dict[str, str]:
    return MemoryKeystore().create_wrap_key(WRAP_KEY)


@dataclass(slots=True)
class Memory:
    """What a kiosk remembers of its contacts. `odd`: sections that no kiosk in order would be told.

    `table` is empty without one; `wants_erased`: a new disk asks once whom it has erased.
    """

    serial: str
    kids: list[str]
    ledger: Ledger
    revocations: int = 0
    cursors: dict[str, list[int]] = field(default_factory=dict)
    twin: Held = field(default_factory=Held)
    must_report: bool = True
    leases: dict[str, list[Any]] = field(default_factory=dict)
    must_introduce: bool = True
    head_kept: int = 0
    cloud_head: list[int] = field(default_factory=list)
    table: bytes = b""
    wants_erased: bool = True
    odd: list[str] = field(default_factory=list)


def sections(memory: Memory, till: Till, hot: HotKey) -> dict[str, Any]:
    """What a kiosk says now."""
    oldest = int(time.time()) if till.seq > till.acked else None
    said: dict[str, Any] = {
        "cursors": dict(memory.cursors),
        "issuers": {"kids": memory.kids},
        "revocations": {"v": memory.revocations},
        "identity": {
            "epoch": till.epoch, "seq": till.seq, "head": till.head, "acked": till.acked, "stale": False,
            "unsent": till.seq - till.acked, "oldest": oldest, "release": __version__,
        },
        "certificate": {"serial": memory.serial, "level": _LEVEL, "believed": _LEVEL},
        "leases": {"key": wrap_thumbprint(_wrap_jwk()), "held": memory.leases}
        | ({"jwk": _wrap_jwk()} if memory.must_introduce else {}),
        "twin": [*memory.twin.place, _MARK, *([_REPORT] if memory.must_report else [])],
        "grants": {
            "epoch": till.epoch, "grant": till.grant_id, "receipts": till.epoch,
            "last": [till.epoch, till.seq, till.head],
        },
        "artefacts": {"root": None},
        "schedule": mark_of(memory.table) if memory.table else b"",
    }  # fmt: skip
    memory.must_introduce = memory.must_report = False
    return said | _audit(memory, till, hot) | _now_and_then(memory)


def _now_and_then(memory: Memory) -> dict[str, Any]:
    said: dict[str, Any] = {"erasures": {"want": True}} if memory.wants_erased else {}
    return said | ({"egress": memory.ledger.told | {"currency": ""}} if memory.ledger.told else {})


def _audit(memory: Memory, till: Till, hot: HotKey) -> dict[str, Any]:
    if till.seq == memory.head_kept:
        return {}
    claims = {
        "device": till.kiosk_id, "epoch": till.epoch, "seq": till.seq, "acked": till.acked,
        "chain": till.head.hex(), "at": int(time.time()),
    }  # fmt: skip
    said: dict[str, Any] = {"head": hot.sign_jws(TYP, claims, {"cert": hot.certificate})}
    return {"audit": said | ({"cloud": memory.cloud_head} if memory.cloud_head else {})}


def take(memory: Memory, till: Till, told: dict[str, Any]) -> bool:
    """Act on an answer; True when the cloud has more to say."""
    for name, said in told.items():
        if name in _TAKERS:
            _TAKERS[name](memory, till, said)
        elif name != "more":
            memory.odd.append(f"{till.kiosk_id} {name}: {str(said)[:200]}")
    return bool(told.get("more"))


def _facts(memory: Memory, till: Till, said: dict[str, Any]) -> None:
    till.acknowledge(int(said["acked_seq"]))
    memory.odd += [f"{till.kiosk_id}/{seq} {status}" for seq, status in said["unsettled"]]


def _pages(memory: Memory, till: Till, said: list[Any]) -> None:
    for page in unpack_pages(said, kiosk_id=till.kiosk_id):
        memory.cursors[page.stream] = [page.epoch, page.seq]


def _revocations(memory: Memory, _till: Till, said: dict[str, Any]) -> None:
    memory.revocations = int(peek_jws(said["token"])[1]["v"])


def _certificate(memory: Memory, _till: Till, said: dict[str, Any]) -> None:
    memory.serial = serial_in(said["certificate"])


def _twin(memory: Memory, _till: Till, said: dict[str, Any]) -> None:
    memory.must_report = bool(said.get("report"))
    if "v" in said:
        memory.twin = taken(memory.twin, said)


def _leases(memory: Memory, _till: Till, said: dict[str, Any]) -> None:
    memory.must_introduce = bool(said.get("introduce"))
    for jws in said.get("leases", []):
        name, ver, *_ = peek_jws(jws)[1]["lease"]
        memory.leases[name] = [ver, 0, False]


def _grants(_memory: Memory, till: Till, said: dict[str, Any]) -> None:
    if "grant" in said:
        till.grant = said["grant"]


def _heads(memory: Memory, _till: Till, said: dict[str, Any]) -> None:
    memory.head_kept = int(said.get("kept", memory.head_kept))
    if "cloud" in said:
        claims = peek_jws(said["cloud"])[1]
        memory.cloud_head = [claims["epoch"], claims["seq"]]


def _schedule(memory: Memory, _till: Till, said: dict[str, Any]) -> None:
    memory.table = bytes(said["table"])


def _erasures(memory: Memory, till: Till, said: dict[str, Any]) -> None:
    memory.wants_erased = False
    memory.odd += [f"{till.kiosk_id} erased {raw.hex()}" for raw in said["erased"]]


_TAKERS: dict[str, Callable[[Memory, Till, Any], None]] = {
    "facts": _facts, "pages": _pages, "revocations": _revocations, "certificate": _certificate, "twin": _twin,
    "leases": _leases, "grants": _grants, "audit": _heads, "schedule": _schedule, "erasures": _erasures,
}  # fmt: skip


def serial_in(token: str) -> str:
    """What a kiosk calls the certificate in the cloud's token."""
    claims = peek_jws(token)[1]
    return read_certificate(claims["certificate"], issuer_jwk=claims["ca"]).serial[:_SERIAL_CHARS]


def first_memory(told: dict[str, Any], rng: random.Random) -> Memory:
    """What an enrolment has told."""
    revocations = told["revocations"]
    version = int(peek_jws(revocations["token"])[1]["v"]) if revocations else 0
    kids = sorted(thumbprint(jwk) for jwk in told["cloud_jwks"])
    return Memory(serial_in(told["certificate"]), kids, Ledger(rng), version)
