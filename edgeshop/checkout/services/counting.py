"""How checkouts go on this kiosk: what shoppers began to pay, what was refused, whether it is busy. No people in it."""

from datetime import datetime, timedelta

from edgeshop.checkout.models import Order
from edgeshop.checkout.services.orders import place
from edgeshop.checkout.services.replies import Placed
from edgeshop.fleet.services.health import FAILED, count_up, tallied
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError

_BUSY = timedelta(minutes=3)  # about as long as the next shopper in a queue takes


def place_counted(*, envelope: str, slip_shown: bool, at: datetime) -> Placed:
    """As `place`; a refusal is counted, in a transaction of its own, and goes on to the caller."""
    try:
        return place(envelope=envelope, slip_shown=slip_shown, at=at)
    except EdgeShopError:
        count_up(FAILED)
        raise


def refused() -> int:
    """Checkouts that were refused since this kiosk was enrolled."""
    return tallied(FAILED)


def tried() -> int:
    """Checkouts that were begun: orders that are here, and refusals."""
    return Order.objects.count() + refused()


def is_selling() -> bool:
    """Whether somebody has bought something just now: baskets are in browsers, sales are what a kiosk sees of them."""
    return Order.objects.filter(committed_at__gt=clock.now() - _BUSY).exists()
