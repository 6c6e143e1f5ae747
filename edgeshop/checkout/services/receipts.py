"""A receipt in the words of the wire-free world: what it says, and the picture that leads back to it."""

import segno

from edgeshop.checkout.enums import Delivery, ReceiptState
from edgeshop.checkout.models import Order

_BY_DELIVERY = {
    Delivery.COMMITTED: ReceiptState.CONFIRMED,
    Delivery.ACKNOWLEDGED: ReceiptState.ACKNOWLEDGED,
    Delivery.SETTLED: ReceiptState.SETTLED,
}


def receipt_state(order: Order) -> ReceiptState:
    """Where the shopper's order stands, from its void, its open reviews or its delivery."""
    if hasattr(order, "void"):
        return ReceiptState.VOID
    if any(not review.decision for review in order.reviews.all()):
        return ReceiptState.REVIEW
    return _BY_DELIVERY[Delivery(order.delivery)]


def qr_svg(text: str) -> str:
    """The text as a QR code: an SVG that takes the size of its place, dark on light whatever the theme.

    Level M survives a creased slip; a quiet zone of four modules is the standard's.
    Source: ISO/IEC 18004.
    """
    svg: str = segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True, light="#fff")
    return svg
