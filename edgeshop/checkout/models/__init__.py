"""What the checkout keeps. The same tables serve both roles: a kiosk holds its own rows, the cloud everybody's."""

from edgeshop.checkout.models.grants import ClosedEpoch, Grant, UnclearedPause
from edgeshop.checkout.models.numbers import Allocator, Number
from edgeshop.checkout.models.orders import Move, Order, OrderLine, Transition
from edgeshop.checkout.models.reviews import Refund, Review, Void
from edgeshop.checkout.models.seats import Seat

__all__ = [
    "Allocator",
    "ClosedEpoch",
    "Grant",
    "Move",
    "Number",
    "Order",
    "OrderLine",
    "Refund",
    "Review",
    "Seat",
    "Transition",
    "UnclearedPause",
    "Void",
]
