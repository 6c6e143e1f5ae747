"""What a kiosk does for a browser: the services that stand behind its API, and the ways in which no answer comes."""

from dataclasses import asdict
from typing import Any

from edgeshop.catalog.errors import NoPriceBook
from edgeshop.catalog.queries import current_book
from edgeshop.catalog.queries.books import prices
from edgeshop.checkout.queries import standings
from edgeshop.checkout.services import open_request, place_counted, renew_tokens
from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.qa.simulation.machines import PRICES, SHOP
from edgeshop.vault.services import authority_now, shop_now


class Silence(Exception):
    """The kiosk did not answer: it is away, or the answer got lost after it had done what was asked."""


class Broken(Exception):
    """The kiosk answered with an error of its own, as a web server does whose disk is full."""


def renew(seat: str, request: str) -> dict[str, Any]:
    """Tokens for a seat. Raises: EdgeShopError."""
    now = authority_now()
    return asdict(renew_tokens(open_request(delegation=seat, request=request, at=now), at=now))


def place(order: str, *, slip_shown: bool) -> dict[str, Any]:
    """An order is placed. Raises: EdgeShopError."""
    return asdict(place_counted(envelope=order, slip_shown=slip_shown, at=shop_now()))


def ask_after(numbers: list[str], contents: dict[str, str]) -> list[dict[str, Any]]:
    """What became of orders, by number, with what was in them where the browser knows."""
    return [asdict(one) for one in standings(numbers, contents)]


def price_list() -> tuple[int, dict[int, int]]:
    """The version of the prices, and the unit prices by product. Raises: CloudUnreachable where nothing is priced."""
    try:
        book = current_book(SHOP)
    except NoPriceBook as error:
        raise CloudUnreachable("Nothing is priced here yet.", how="empty") from error
    return book, {product: int(unit) for product, unit in prices(book).items() if product in PRICES}
