"""Many shoppers at one kiosk whose plug is pulled again and again, and the count of what became of it."""

import random
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count as count_up
from threading import Lock, Timer

import requests

from edgeshop.qa.node import Part
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk
from edgeshop.vault.services import peek_jws
from tests.e2e.ledger import Entry

_PATIENCE_S = 120
_TENDERS = ("cash", "card", "counter", "invoice")


@dataclass(frozen=True, slots=True)
class Counted:
    """Receipt numbers of orders that are not what their shoppers were told."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def count(told: Mapping[str, Entry], books: Mapping[str, Entry]) -> Counted:
    """Compare what shoppers were told with what the books hold: nothing may be missing, extra or different."""
    return Counted(
        lost=sorted(set(told) - set(books)),
        duplicated=sorted(set(books) - set(told)),
        changed=sorted(number for number in set(told) & set(books) if told[number] != books[number]),
    )


class Plug:
    """The plug of a kiosk, pulled at a chosen moment of a request and put back at once."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk, self.pulled = kiosk, 0
        self._one_at_a_time = Lock()

    def during(self, seat: Seat, order: str, *, after_s: float) -> None:
        """Offer an order, and pull the plug so long after it was sent, whether it is still under way or not."""
        with self._one_at_a_time:
            self.kiosk.wait_healthy()
            timer = Timer(after_s, self._pull)
            timer.start()
            try:
                seat.place(order)
            except requests.ConnectionError:
                pass  # what the shopper does next is the crowd's business
            finally:
                timer.join()

    def _pull(self) -> None:
        parts = (Part.WEB,) if self.pulled % 4 else tuple(Part)  # now and then it is the whole box
        self.kiosk.kill(*parts)
        self.pulled += 1
        self.kiosk.start(*parts)


class Crowd:
    """Sells `orders` baskets from several seats at once; at some of them the plug is pulled."""

    def __init__(self, kiosk: Kiosk, *, seed: int, orders: int, seats: int, pulls: int) -> None:
        self.plug = Plug(kiosk)
        self._rng = random.Random(seed)
        self._seats = [_with_prices(Seat(kiosk.url)) for _ in range(seats)]
        self._baskets = [self._basket() for _ in range(orders)]
        self._unlucky = set(self._rng.sample(range(orders), pulls))
        self._moments = {place: self._rng.random() for place in self._unlucky}
        self._takes_s = self._measure()

    def _basket(self) -> tuple[list[tuple[int, int]], str]:
        plain = self._seats[0].sellable(60, policy="shelf")
        lines = [
            (product_id, self._rng.randint(1, 3)) for product_id in self._rng.sample(plain, self._rng.randint(1, 3))
        ]
        return lines, self._rng.choice(_TENDERS)

    def _measure(self) -> float:
        """How long a request takes here now, so that plugs are pulled before, while and after it is committed."""
        began = time.monotonic()
        persistently(lambda: self._seats[0].draw(1))
        return 2 * (time.monotonic() - began)

    def sell(self) -> dict[str, Entry]:
        """Sell everything; answers what the shoppers were told, by receipt number."""
        with ThreadPoolExecutor(max_workers=len(self._seats)) as pool:
            told = list(pool.map(lambda first: dict(self._visit(first)), range(len(self._seats))))
        return {number: entry for one in told for number, entry in one.items()}

    def _visit(self, first: int) -> Iterator[tuple[str, Entry]]:
        """Everything that one seat sells: every so-many-th basket."""
        seat = self._seats[first]
        for place in range(first, len(self._baskets), len(self._seats)):
            lines, tender = self._baskets[place]
            if not seat.tokens:
                persistently(lambda: seat.draw(10))
            order = seat.freeze(*lines, tender=tender)
            if place in self._unlucky:
                self.plug.during(seat, order, after_s=self._moments[place] * self._takes_s)
            yield self._settled(order, self._hand_over(seat, order, has_tried=place in self._unlucky))

    @staticmethod
    def _hand_over(seat: Seat, order: str, *, has_tried: bool) -> Mapping[str, object]:
        """The same bytes until there is an answer; after the first silence the shopper has left with a slip."""
        attempts = count_up(1 if has_tried else 0)
        return persistently(lambda: seat.place(order, slip_shown=next(attempts) > 0))

    @staticmethod
    def _settled(order: str, answer: Mapping[str, object]) -> tuple[str, Entry]:
        _, claims = peek_jws(order)
        assert answer["number"] == claims["rn"]
        lines = {product_id: (qty, unit) for product_id, qty, unit in claims["lines"]}
        return claims["rn"], Entry(claims["total"], claims["tender"], lines, "settled")


def _with_prices(seat: Seat) -> Seat:
    """The seat with its price list on board: a basket is frozen while the kiosk is away."""
    seat.prices()
    return seat


def persistently(ask):
    """The answer of `ask`, asked until the kiosk is there to give one, as a screen does."""
    give_up_at = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return ask()
        except requests.RequestException:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
