"""Identities: what an order is called, for ever and everywhere.

Source: RFC 9562 for the UUIDs.
"""

import base64
import hmac
import secrets
import time
import uuid
from dataclasses import dataclass

from edgeshop.kernel.errors import InvalidInput

_ORDERS = uuid.UUID("5b2f8e5e-6a0c-5d2b-9a55-0f3c3f1f8d10")
_SEATS = uuid.UUID("0f6f6a0a-0d44-5a8e-9d8b-1f2b6b8f7c35")
_TOKENS = uuid.UUID("c0f8a1de-3f59-5c58-8f0e-7a2d9a7c6b21")


@dataclass(frozen=True, order=True, slots=True)
class ReceiptNumber:
    """`SHOP-KIOSK-EPOCH-SEQ`, four positive integers: the identity of an order, born with its token."""

    shop: int
    kiosk: int
    epoch: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> "ReceiptNumber":
        """Read the one canonical spelling. Raises: InvalidInput for any other."""
        parts = text.split("-")
        if len(parts) == 4 and all(p.isascii() and p.isdigit() and p[0] != "0" for p in parts):
            return cls(*map(int, parts))
        raise InvalidInput("A receipt number looks like 3-12-1-407.", number=text[:40])

    def __str__(self) -> str:
        return f"{self.shop}-{self.kiosk}-{self.epoch}-{self.seq}"

    @property
    def order_id(self) -> uuid.UUID:
        """The same order id on every tier, derived, never sent."""
        return uuid.uuid5(_ORDERS, str(self))

    @property
    def token_id(self) -> uuid.UUID:
        """The `jti` of the token that carries this number."""
        return uuid.uuid5(_TOKENS, str(self))


def uuid7() -> uuid.UUID:
    """A time-ordered UUID for rows that have no natural identity."""
    ms = time.time_ns() // 1_000_000
    value = (ms << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)


def receipt_key(secret: bytes, number: str) -> str:
    """128 bits in base64url that only those can tell who know the secret or hold the slip, and may fetch the receipt.

    Source: RFC 2104 (HMAC), with SHA-256, the first half of it.
    """
    told = hmac.digest(secret, number.encode(), "sha256")[:16]
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def seat_id(kiosk: int, epoch: int, serial: int) -> uuid.UUID:
    """The identity of a seat, by its serial in its kiosk's epoch."""
    return uuid.uuid5(_SEATS, f"{kiosk}-{epoch}-{serial}")
