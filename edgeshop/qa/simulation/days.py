"""A shop's days under faults: trade until the orders of a run were tried, then peace."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.models import Order
from edgeshop.checkout.services import sell_at_counter, sweep_numbers
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.simulation import faults
from edgeshop.qa.simulation.browser import Browser, Promise
from edgeshop.qa.simulation.cluster import Cluster
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.front import Broken, Silence
from edgeshop.qa.simulation.machines import KIOSKS, PRICES, STRICT, Machine
from edgeshop.vault.services import authority_now, shop_now

_TENDERS = ("cash", "card", "counter", "invoice")
_HOUR_S = 3600.0
_TOKEN_LIFE_S = 13 * _HOUR_S


@dataclass
class Days(Cluster):
    """A shop's days: browsers, attendants, what people were promised, and what was destroyed by us."""

    orders: int = 100
    tried: int = 0
    promises: dict[tuple[str, str], Promise] = field(default_factory=dict)
    browsers: list[Browser] = field(default_factory=list)
    gone_browsers: list[Browser] = field(default_factory=list)
    lost_numbers: set[str] = field(default_factory=set)
    lost_ends: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Switch everything on, and let the first browsers in."""
        super().open()
        for kiosk_id in KIOSKS:
            self.admit(kiosk_id, Purpose.SCREEN)
        self.admit(self.dice.choice(KIOSKS), Purpose.PHONE)

    def admit(self, kiosk_id: int, purpose: Purpose) -> None:
        """One more browser."""
        name = f"{purpose}{len(self.browsers) + len(self.gone_browsers)}"
        self.browsers.append(Browser(name, kiosk_id, purpose, self.dice, self._front(kiosk_id), lambda: self.now_s))

    def _front(self, kiosk_id: int) -> Callable[[Callable[[], Any]], Any]:
        return lambda work: self.serve(self.boxes[f"kiosk{kiosk_id}"], work)

    def meanwhile(self, box: Machine) -> None:
        if self.suffers("meanwhile"):
            self.sell_at_counter(box, lines=[(1, 1)])

    def live(self) -> None:
        """Days of trade, until the orders of this run were tried."""
        while self.tried < self.orders:
            self.pass_s(self.dice.expovariate(1 / 40))
            throw = self.dice.random()
            if throw < 0.62:
                self.checkout(self.dice.choice(self.browsers))
            elif throw < 0.76:
                self.sell_at_counter(self.dice.choice(list(self.boxes.values())))
            elif throw < 0.88:
                self.contact(self.dice.choice(list(self.boxes.values())))
            else:
                faults.strike(self)

    def checkout(self, browser: Browser) -> None:
        """A shopper pays in a browser; what waits is handed over afterwards."""
        self.tried += 1
        self._quietly(browser.resume)
        outcome = browser.pay(self._basket(), self.dice.choice(_TENDERS))
        self.note(f"pay {browser.name} {outcome}")
        self.promises |= {(browser.name, number): said for number, said in browser.promises.items()}
        if self.dice.happens(0.3) or not browser.state.tokens:
            self.after_pay(browser)

    def after_pay(self, browser: Browser) -> None:
        """As the page does on every occasion."""
        browser.flush()
        self._quietly(browser.top_up)

    def _quietly(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (Silence, Broken, EdgeShopError):
            return

    def _basket(self) -> list[tuple[int, int]]:
        if "strict" in self.menu and self.dice.happens(0.25):
            return [(self.dice.choice(STRICT), 1)]
        ids = [product for product in PRICES if product not in STRICT]
        return [(product, self.dice.randint(1, 3)) for product in self.dice.sample(ids, self.dice.randint(1, 2))]

    def sell_at_counter(self, box: Machine, lines: list[tuple[int, int]] | None = None) -> None:
        """An attendant sells at a box."""
        self.tried += 1
        lines, tender, said = lines or self._basket(), self.dice.choice(_TENDERS), "ok"
        try:
            with self.power(box):
                done = sell_at_counter(lines=lines, tender=tender, staff="ann", at=shop_now())
                self._promise(box, done.number)
                said = done.number
        except PowerCut:
            said = "crashed"
        except EdgeShopError as error:
            said = error.code
        except (DatabaseError, OSError):
            said = "disk"
        self.note(f"counter {box.name} {said}")

    def _promise(self, box: Machine, number: str) -> None:
        order = Order.objects.prefetch_related("lines").get(number=number)
        lines = tuple((line.product_id, line.qty, line.unit_minor) for line in order.lines.all())
        told = Promise(number, order.envelope_sha256, lines, order.total_minor, box.kiosk_id, "done", browser=box.name)
        self.promises[f"{box.name}/{len(self.promises)}", number] = told

    def make_peace(self) -> None:
        """Links heal, clocks are right, everybody meets until nobody has more to say, and every token's time is up."""
        self.note("peace")
        self.is_peace = True
        faults.end_all(self)
        self._meet()
        self.pass_s(_TOKEN_LIFE_S)
        self._meet()
        for node in [*self.boxes.values(), self.cloud]:
            with node():
                sweep_numbers(at=authority_now())
        self._meet()

    def _meet(self) -> None:
        self.pass_s(400.0)  # longer than an outbox waits before it tries a refused order again
        for browser in self.browsers:
            self._quietly(browser.resume)
            self.after_pay(browser)
        for box in self.boxes.values():
            said = self.contact(box)
            if not said.startswith("ok"):
                self.blame("unequal", f"{box.name} cannot meet its cloud: {said}")
        self.promises |= {(b.name, n): said for b in self.browsers for n, said in b.promises.items()}
