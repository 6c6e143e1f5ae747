"""Taking subscriptions. An endpoint is an address we will call, so only what a push service looks like is taken."""

import base64
import binascii
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from edgeshop.checkout.models import Order
from edgeshop.fleet.models import Staff
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.push.errors import SubscriptionRefused
from edgeshop.push.models import Subscription
from edgeshop.push.services.sender import current_sender, sender_named
from edgeshop.vault.services import thumbprint
from edgeshop.vault.services.subjects import find_subject, subject_for

REVIEWS = "reviews"
ORDER = "order:"
ENDPOINT = "endpoint"  # what a browser is known by
_ENDPOINT_CHARS_MAX = 1000
_PER_ORDER_MAX = 5  # a family's phones; more would make us somebody's megaphone
# A public name: an address in digits, a bare name or one of a home or office network is no push service.
_PUBLIC_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home", ".corp", ".arpa", ".test", ".invalid")
_UNCOMPRESSED = 4  # first byte of a point with both coordinates


def subscribe_order(
    *, number: str, receipt_key: str, endpoint: str, p256dh: str, auth: str, language: str, vapid_key: str = ""
) -> None:
    """Tell this browser when the order is settled. Who holds the receipt's key may ask.

    `vapid_key` is our public key that the browser has bound itself to; the present one when it does not say.

    Raises: SubscriptionRefused.
    """
    if not Order.objects.filter(number=number, receipt_key=receipt_key).exists():
        raise SubscriptionRefused("Only who holds the receipt may ask to be told.", number=number[:44])
    topic = ORDER + number
    others = Subscription.objects.filter(topic=topic).exclude(subject=find_subject(ENDPOINT, endpoint))
    if others.count() >= _PER_ORDER_MAX:
        raise SubscriptionRefused("Enough browsers are told of this order.", number=number)
    _save(topic, endpoint, p256dh, auth, language, None, _kid(vapid_key))


def subscribe_reviews(*, staff: Staff, endpoint: str, p256dh: str, auth: str, language: str) -> None:
    """Tell this member of staff when an order waits for a person. Raises: SubscriptionRefused."""
    _save(REVIEWS, endpoint, p256dh, auth, language, staff, _kid(""))


def unsubscribe_reviews(*, staff: Staff, endpoint: str) -> None:
    """Tell this member of staff nothing more in this browser."""
    browser = find_subject(ENDPOINT, endpoint)
    own = Subscription.objects.filter(topic=REVIEWS, subject=browser, staff=staff, ended_at=None)
    own.update(ended_at=clock.now())


@transaction.atomic
def _save(topic: str, endpoint: str, p256dh: str, auth: str, language: str, staff: Staff | None, kid: str) -> None:
    _check_endpoint(endpoint)
    _check_point(_bytes_of("p256dh", p256dh, 65))
    _bytes_of("auth", auth, 16)
    keys = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "vapid_kid": kid}
    said = keys | {"language": language[:8], "staff": staff, "ended_at": None}
    Subscription.objects.update_or_create(
        topic=topic,
        subject_id=subject_for(ENDPOINT, endpoint),
        defaults=said,
        create_defaults=said | {"created_at": clock.now()},
    )


def _kid(vapid_key: str) -> str:
    if not vapid_key:
        return current_sender().kid
    sender = sender_named(vapid_key.rstrip("="))
    if sender is None:
        raise SubscriptionRefused("This browser has subscribed to another sender; subscribe anew.", field="vapid_key")
    return sender.kid


def _check_endpoint(endpoint: str) -> None:
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SubscriptionRefused("A push endpoint is an https address of a push service.") from None
    if settings.EDGESHOP.push.allows_loopback and (parts.scheme, host) == ("http", "127.0.0.1"):
        return
    is_public = _PUBLIC_HOST.fullmatch(host) is not None and not host.endswith(_PRIVATE_ENDINGS)
    is_plain = parts.username is None and parts.password is None and port in {None, 443}
    if parts.scheme != "https" or not is_public or not is_plain or len(endpoint) > _ENDPOINT_CHARS_MAX:
        raise SubscriptionRefused("A push endpoint is an https address of a push service.", host=host[:80])


def _bytes_of(name: str, text: str, size_bytes: int) -> bytes:
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != size_bytes:
        raise SubscriptionRefused(f"The key {name} must be {size_bytes} bytes in base64url.", field=name)
    return raw


def _check_point(point: bytes) -> None:
    """What is no point of the curve could never be encrypted to, and would fail at each attempt."""
    x, y = (base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in (point[1:33], point[33:]))
    try:
        thumbprint({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    except EdgeShopError:
        raise SubscriptionRefused("The key p256dh is no point of P-256.", field="p256dh") from None
    if point[0] != _UNCOMPRESSED:
        raise SubscriptionRefused("The key p256dh is no point of P-256.", field="p256dh")
