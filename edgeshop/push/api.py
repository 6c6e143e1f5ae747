"""Where a shopper's browser asks to be told, and a shopper to be sent the receipt."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from edgeshop.checkout.schemas import ErrorOut
from edgeshop.push.models import ContactKind
from edgeshop.push.services import leave_contact, subscribe_order

router = Router(tags=["push"])


class PushKeys(Schema):
    """The browser's half of RFC 8291, base64url."""

    p256dh: str
    auth: str


class SubscriptionIn(Schema):
    """A browser's subscription, the order it wants to hear of, and our public key that it was made for."""

    number: str
    receipt_key: str
    endpoint: str
    keys: PushKeys
    language: str = "en"
    vapid_key: str = Field("", max_length=100)


class ContactIn(Schema):
    """Where the receipt is to go: an e-mail address, or a phone number with its country."""

    kind: ContactKind
    address: Annotated[str, Field(min_length=3, max_length=254)]
    language: Annotated[str, Field(max_length=8)] = "en"


@router.post("/push/subscriptions", response={204: None}, operation_id="subscribe")
def subscribe(request: HttpRequest, body: SubscriptionIn) -> Status[None]:
    """Tell this browser when its order is settled."""
    subscribe_order(
        number=body.number,
        receipt_key=body.receipt_key,
        endpoint=body.endpoint,
        p256dh=body.keys.p256dh,
        auth=body.keys.auth,
        language=body.language,
        vapid_key=body.vapid_key,
    )
    return Status(204, None)


@router.post(
    "/receipts/{key}/contact",
    response={204: None, **dict.fromkeys((404, 409, 422), ErrorOut)},
    operation_id="leave_contact",
)
def contact(request: HttpRequest, key: Path[str], body: ContactIn) -> Status[None]:
    """Send this receipt there, for whoever holds its key. The address stays on this kiosk, sealed."""
    leave_contact(receipt_key=key, kind=body.kind, address=body.address, language=body.language)
    return Status(204, None)
