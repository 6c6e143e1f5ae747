"""Two hundred orders while somebody pulls the kiosk's plug twenty times: none lost, none doubled, none changed."""

import random
import sqlite3
import threading
import time
from pathlib import Path

import pytest
import requests

from edgeshop.qa.node import Part
from edgeshop.qa.seat import Refused, Seat
from edgeshop.qa.stack import Kiosk
from edgeshop.vault.services import peek_jws

pytestmark = pytest.mark.integration
ORDERS, KILLS, TOKENS = 200, 20, 10
_PATIENCE_S = 60  # for one answer, over as many attempts as it takes


class Shoppers:
    """Places orders one after the other, each with the same bytes until an answer comes, as a browser does."""

    def __init__(self, kiosk: Kiosk, rng: random.Random) -> None:
        self._kiosk, self._rng = kiosk, rng
        self.placed: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run)
        self._problem: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> dict[str, int]:
        """What every shopper has a slip for: number and total."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self.placed

    def wait_for(self, count: int) -> None:
        """Return when this many orders are placed, or none will be any more."""
        while len(self.placed) < count and self._thread.is_alive():
            time.sleep(0.005)

    def _run(self) -> None:
        try:
            while len(self.placed) < ORDERS:
                self._serve(insist(self._sit))
        except BaseException as problem:  # noqa: BLE001 -- raised again in the test's own thread
            self._problem = problem

    def _sit(self) -> Seat:
        seat = Seat(self._kiosk.front.url)
        seat.draw(TOKENS)
        seat.prices()
        return seat

    def _serve(self, seat: Seat) -> None:
        products = seat.sellable(40, policy="shelf")
        for token in list(seat.tokens):
            lines = [(product, self._rng.randint(1, 3)) for product in self._rng.sample(products, 2)]
            order = seat.freeze(*lines, token=token)
            answer = insist(lambda order=order: seat.place(order))
            assert answer["number"] == peek_jws(token)[1]["rn"]
            self.placed[answer["number"]] = answer["total_minor"]


def insist(ask):
    """Ask until there is an answer; a server that is starting or ending may give none, or an error of its own."""
    give_up_at = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return ask()
        except (requests.RequestException, Refused) as problem:
            is_final = isinstance(problem, Refused) and problem.fields["status"] < 500
            if is_final or time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


def orders_in(database: Path) -> dict[str, tuple[int, int, str]]:
    """Every order of a node: its total, the sum of its lines, how far it has come."""
    asked = """
        SELECT o.number_id, o.total_minor, sum(l.qty * l.unit_minor - l.discount_minor), o.delivery
        FROM checkout_order o JOIN checkout_orderline l ON l.order_id = o.id GROUP BY o.id
    """
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as rows:
        return {number: (total, lines, delivery) for number, total, lines, delivery in rows.execute(asked)}


def test_no_order_is_lost_doubled_or_changed_by_twenty_pulled_plugs(kiosk, cloud):
    rng = random.Random(20)
    before = set(orders_in(cloud.state / "cloud.sqlite3"))
    shoppers = Shoppers(kiosk, random.Random(21))
    moments = sorted(rng.sample(range(2, ORDERS - 5), KILLS))

    shoppers.start()
    for kill, moment in enumerate(moments):
        shoppers.wait_for(moment)
        time.sleep(rng.random() * 0.05)  # anywhere within an order, not only between two
        parts = tuple(Part) if kill % 4 == 0 else (Part.WEB,)
        kiosk.kill(*parts)
        kiosk.start(*parts)
    placed = shoppers.wait()
    kiosk.wait_healthy()
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox", timeout_s=60)

    settled = {number: (total, total, "settled") for number, total in placed.items()}
    assert len(placed) == ORDERS
    assert {n: row for n, row in orders_in(cloud.state / "cloud.sqlite3").items() if n not in before} == settled
    kiosk.manage("sync")
    assert {n: row for n, row in orders_in(kiosk.state / "kiosk.sqlite3").items() if n not in before} == settled
