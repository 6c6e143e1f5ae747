"""Where a shopper's browser asks to be told."""

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from edgeshop.push.services import subscribe_order

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
