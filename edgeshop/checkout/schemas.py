"""The checkout on the wire. Amounts are in minor units of the shop's currency, instants in ISO 8601 UTC."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from edgeshop.checkout.enums import Delivery, Handover, Payment, Purpose, Reason, ReceiptState, TenderCode

Compact = Annotated[str, Field(min_length=20, max_length=70_000)]  # a JWS as the vault reads it
Number = Annotated[str, Field(min_length=7, max_length=44)]
Sha256 = Annotated[str, Field(min_length=64, max_length=64)]


class ErrorOut(Schema):
    """The one shape of an error; `retry` says what to do next."""

    code: str
    message: str
    retry: Literal["never", "later", "after_sync", "ask_staff"]
    fields: dict[str, Any]
    request_id: str


class PublicKey(Schema):
    """A P-256 public key as a JWK."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[str, Field(min_length=43, max_length=43)]
    y: Annotated[str, Field(min_length=43, max_length=43)]


class SeatIn(Schema):
    """A browser asks for a seat with the public half of its own key."""

    jwk: PublicKey
    purpose: Purpose


class SeatOut(Schema):
    """The delegation to show when asking for tokens."""

    seat: str
    seat_id: uuid.UUID
    expires_at: datetime
    purpose: Purpose


class TokensIn(Schema):
    """The delegation, and what the seat asks for under its own signature."""

    seat: Compact
    request: Compact


class TokensOut(Schema):
    """Fresh tokens, and numbers that need not be remembered any more."""

    tokens: list[str]
    released: list[str]


class OrderIn(Schema):
    """A signed order, the same bytes on every path. `slip_shown`: the shopper has left with a provisional slip."""

    order: Compact
    slip_shown: bool


class OrderOut(Schema):
    """Where the order stands. `review` holds open reasons, or null."""

    number: str
    order_id: uuid.UUID
    delivery: Delivery
    payment: Payment
    handover: Handover
    review: list[Reason] | None
    total_minor: int
    currency: str
    receipt_key: str
    placed_at: datetime


class StatusIn(Schema):
    """Up to fifty receipt numbers, and by number the SHA-256 of what the asker's order says, where it knows that."""

    numbers: Annotated[list[Number], Field(max_length=50)]
    contents: Annotated[dict[Number, Sha256], Field(max_length=50)] = {}


class StandingOut(Schema):
    """Where one order stands here; one that is unknown, or of other content, has only its number."""

    number: str
    known: bool
    delivery: Delivery | None
    payment: Payment | None
    handover: Handover | None
    review: list[Reason] | None


class StatusOut(Schema):
    """In the order asked."""

    orders: list[StandingOut]


class ReceiptShop(Schema):
    """Who sold."""

    id: int
    name: str
    kiosk_id: int
    kiosk: str
    currency: str
    exponent: int
    inclusive: bool
    timezone: str


class ReceiptLine(Schema):
    """One line as the shopper read it."""

    product_id: int
    name: str
    qty: int
    unit_minor: int
    discount_minor: int
    total_minor: int
    rate_bp: int


class TaxLine(Schema):
    """Tax on the sum of one rate."""

    rate_bp: int
    tax_minor: int


class ReceiptOut(Schema):
    """A receipt. `qr` is an SVG picture of `url`, where this receipt can be fetched."""

    number: str
    order_id: uuid.UUID
    state: ReceiptState
    shop: ReceiptShop
    lines: list[ReceiptLine]
    taxes: list[TaxLine]
    net_minor: int
    tax_minor: int
    total_minor: int
    refunded_minor: int
    currency: str
    tender: TenderCode
    payment: Payment
    handover: Handover
    language: str
    placed_at: datetime
    business_day: date
    receipt_key: str
    url: str
    qr: str
