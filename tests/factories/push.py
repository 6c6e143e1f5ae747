"""Browsers that subscribe, orders they wait for, and a push service that answers as it is told."""

import base64
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from edgeshop.checkout.models import Number, Order, Review
from edgeshop.fleet.models import Kiosk
from edgeshop.kernel.ids import ReceiptNumber
from tests.factories.fleet import KIOSK, SHOP


def b64(data: bytes) -> str:
    """base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Subscriber:
    """A browser's half of RFC 8291: an endpoint, a key pair, a secret."""

    endpoint: str = "https://push.example.com/send/1"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        """The public key, uncompressed."""
        form = serialization.PublicFormat.UncompressedPoint
        return b64(self.key.public_key().public_bytes(serialization.Encoding.X962, form))

    @property
    def auth(self) -> str:
        """The secret."""
        return b64(self.secret)

    @property
    def said(self) -> dict[str, str]:
        """What it tells a service of ours."""
        return {"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth, "language": "en"}


@dataclass
class PushService(BaseAdapter):
    """Answers each request with the next of `answers`, then with 201 for ever. An exception is raised instead."""

    answers: list[int | BaseException] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[requests.PreparedRequest] = field(default_factory=list)
    timeouts: list[Any] = field(default_factory=list)

    def send(self, request: requests.PreparedRequest, *_args: Any, timeout: Any = None, **_options: Any) -> Any:
        """One request."""
        self.asked.append(request)
        self.timeouts.append(timeout)
        said = self.answers.pop(0) if self.answers else 201
        if isinstance(said, BaseException):
            raise said
        response = requests.Response()
        response.status_code, response._content, response.request = said, b"", request
        response.headers, response.url = CaseInsensitiveDict(self.headers), request.url or ""
        return response

    def close(self) -> None:
        """Nothing is held."""


def make_order(kiosk: Kiosk, seq: int, *, at: datetime, delivery: str = "settled") -> Order:
    """An order of one euro."""
    number = ReceiptNumber(SHOP, KIOSK, 1, seq)
    row = Number.objects.create(
        number=str(number), kiosk=kiosk, epoch=1, seq=seq, state="sold", minted_at=at, ended_at=at
    )
    return Order.objects.create(
        id=number.order_id, number=row, kiosk=kiosk, epoch=1, origin="seat", book=1, tender="cash", currency="EUR",
        net_minor=84, tax_minor=16, total_minor=100, placed_at=at, committed_at=at, business_day=at.date(),
        receipt_key=f"key-{seq}", envelope_sha256="0" * 64, delivery=delivery,
    )  # fmt: skip


def make_review(order: Order, reason: str = "OVERSOLD", *, at: datetime, subject: str = "") -> Review:
    """A reason for a person to look."""
    return Review.objects.create(order=order, reason=reason, subject=subject, opened_at=at)
