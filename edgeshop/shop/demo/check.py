"""The demo's own test: one sale, from a seat through the kiosk into the cloud's ledger."""

import time

import requests

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Stack
from edgeshop.shop.demo.terminal import Terminal

_SETTLE_TIMEOUT_S = 30


class CheckFailed(EdgeShopError):
    """The sale did not go the whole way."""

    code = "shop.demo_check"


def sell_one(stack: Stack, terminal: Terminal) -> None:
    """Sell one product over the browser's link and wait until the cloud has settled it. Raises: CheckFailed."""
    seat = Seat(stack.kiosks[0].front.url)
    before = _settled(stack)
    order = seat.sell((seat.sellable()[0], 1))
    terminal.say(f"Sold: order {order['number']} is {order['delivery']} on the kiosk")
    give_up_at = time.monotonic() + _SETTLE_TIMEOUT_S
    while seat.where(order["number"])["delivery"] != "settled" or _settled(stack) <= before:
        if time.monotonic() > give_up_at:
            raise CheckFailed(f"Order {order['number']} was not settled within {_SETTLE_TIMEOUT_S} s.")
        time.sleep(0.2)
    terminal.say(f"Settled: order {order['number']} is in the cloud's ledger")


def _settled(stack: Stack) -> int:
    try:
        return int(stack.cloud.get("/sync/status")["orders"]["settled"])
    except requests.RequestException as error:
        raise CheckFailed(f"The cloud does not answer: {type(error).__name__}.") from error
