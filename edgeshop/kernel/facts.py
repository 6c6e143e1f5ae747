"""What a fact looks like between apps: canonical bytes and the hash chain over them.

Source: RFC 8785 (JSON canonicalisation) for the bytes; chain = SHA-256(previous chain value followed by the body).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import rfc8785

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Fact:
    """One append-only record of one device. `chain` is 32 bytes, `body` the canonical JSON as stored and hashed.

    `is_late`: it is applied after its acknowledgement, which has told its device that it was not.
    """

    device_id: int
    epoch: int
    seq: int
    kind: str
    body: bytes
    chain: bytes
    is_late: bool = False

    @property
    def known_to(self) -> int | None:
        """The life (epoch) that learns by the acknowledgement that this was settled; None when that has gone."""
        return None if self.is_late else self.epoch


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value."""
    return rfc8785.dumps(value)


def link(previous: bytes, body: bytes) -> bytes:
    """The chain value after `body`. Shapes: previous [32], the answer is [32]."""
    return hashlib.sha256(previous + body).digest()
