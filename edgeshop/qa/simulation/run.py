"""One run: from a seed, a shop's days with everything that can go wrong, then peace, and what is left in the books.

The seed decides which kinds of fault a run has at all, so that rare ones meet each other and common ones do not drown
them (swarm testing). Each thing that happens is a line of the trace; the same seed gives the same lines.
"""

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connections

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.models import Order
from edgeshop.checkout.services import sell_at_counter, sweep_numbers
from edgeshop.journal.models import Chain
from edgeshop.journal.services import head_file
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.simulation import check, faults, plants
from edgeshop.qa.simulation.browser import Broken, Browser, Promise, Silence
from edgeshop.qa.simulation.dice import Dice, ids_from
from edgeshop.qa.simulation.disk import PowerCut
from edgeshop.qa.simulation.machines import (
    KIOSKS,
    PRICES,
    STRICT,
    Image,
    Machine,
    disk_of,
    first_morning,
    folder,
    machine,
)
from edgeshop.qa.simulation.wire import Client, Door, Wire
from edgeshop.sync.services import synchronise
from edgeshop.vault.services import authority_now, shop_now

DISK_FAULTS = ("cut", "cut_after", "full")
FRONT_FAULTS = ("drop", "lose_answer", "double")
_TENDERS = ("cash", "card", "counter", "invoice")
_HOUR_S, _PEACE_ROUNDS = 3600.0, 2
_TOKEN_LIFE_S = 13 * _HOUR_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a seed: what is `broken`, counted by kind; `trace` is what happened, in order."""

    seed: int
    orders: int
    broken: dict[str, int]
    problems: list[str]
    trace: list[str]
    counts: dict[str, int]

    @property
    def digest(self) -> str:
        """The same for the same seed."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]


def run(seed: int, *, orders: int = 100, plant: str = "") -> Outcome:
    """One run of a seed with so many checkouts. `plant` names a bug to put in first. Needs Django set up."""
    with ExitStack() as stack:
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        stack.enter_context(plants.planted(plant))
        here = stack.enter_context(_opened(seed, orders))
        try:
            here.live()
            here.make_peace()
            found = check.problems(here)
        except Exception as error:  # noqa: BLE001 -- whatever escapes a service is a finding of this seed
            here.note(f"unhandled {error!r}"[:300])
            found = [("unhandled", f"{error!r}"[:300])]
        broken: dict[str, int] = {}
        for kind, _ in found:
            broken[kind] = broken.get(kind, 0) + 1
        return Outcome(seed, here.tried, broken, [f"{k}: {what}" for k, what in found], here.trace, here.counts)


@contextmanager
def _opened(seed: int, orders: int) -> Iterator["Run"]:
    images, at = first_morning(), folder()
    cache.clear()
    here = Run(Dice(seed), orders, at, images)
    write = head_file.write
    head_file.write = lambda head: disk_of(connections["default"]).write_file(lambda: write(head))
    try:
        with ids_from(Dice(seed + 1), lambda: here.now_s):
            here.open()
            yield here
    finally:
        head_file.write = write
        for box in [here.cloud, *here.boxes.values()]:
            box.disk.recover()
        shutil.rmtree(at, ignore_errors=True)


@dataclass
class Run:
    """A shop while it runs: machines, browsers, what people were promised, and what was destroyed by us."""

    dice: Dice
    orders: int
    at: Any
    images: dict[int, Image]
    trace: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    tried: int = 0
    promises: dict[tuple[str, str], Promise] = field(default_factory=dict)
    browsers: list[Browser] = field(default_factory=list)
    gone_browsers: list[Browser] = field(default_factory=list)
    lost_numbers: set[str] = field(default_factory=set)
    forgiven: dict[tuple[int, int], int] = field(default_factory=dict)
    backups: dict[int, list[Image]] = field(default_factory=dict)
    front_down: set[int] = field(default_factory=set)
    found: list[tuple[str, str]] = field(default_factory=list)
    is_peace: bool = False

    def open(self) -> None:
        """Switch everything on."""
        self.cloud = machine(self.at, 0, 0)
        self.boxes = {f"kiosk{k}": machine(self.at, k, n) for n, k in enumerate(KIOSKS, start=1)}
        for box in [self.cloud, *self.boxes.values()]:
            box.write(self.images[box.kiosk_id], files=True)
        self.time_s = self.cloud.time.at_s
        self.menu = {kind for kind in faults.KINDS if self.dice.happens(0.5)}
        self.share = self.dice.choice((0.02, 0.08, 0.25))
        self.note(f"menu {' '.join(sorted(self.menu))} share {self.share}")
        self.door = Door(self.cloud)
        self.wire = Wire(self.door, self.dice, self.note, self.pass_s)
        self.wire.share = self.share if "wire" in self.menu else 0.0
        self.wire.cloud_faults = DISK_FAULTS if "cloud_crash" in self.menu else ()
        self.clients: dict[str, Client] = {}
        for box in self.boxes.values():
            self.pass_s(120.0)
            self.start(box)
            self.contact(box)
            self.backups[box.kiosk_id] = [box.copy()]
        self.cloud_backup, self.door_backup = self.cloud.copy(), set(self.door.handled)
        for kiosk_id in KIOSKS:
            self.admit(kiosk_id, Purpose.SCREEN)
        self.admit(self.dice.choice(KIOSKS), Purpose.PHONE)

    @property
    def now_s(self) -> float:
        """The true time."""
        return self.cloud.time.at_s

    def note(self, line: str) -> None:
        """One line of the trace."""
        self.trace.append(f"{int(self.now_s - self.time_s) if hasattr(self, 'time_s') else 0:>8} {line}")
        kind = line.split(" ")[0]
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def pass_s(self, seconds: float) -> None:
        """Time goes by everywhere."""
        for node in [self.cloud, *self.boxes.values()]:
            node.time.move(seconds)

    def start(self, box: Machine) -> None:
        """A box boots: what its processes remembered is gone."""
        self.clients[box.name] = Client(box, self.wire, lambda: self._meanwhile(box))
        if box.start():
            self.note(f"stale {box.name}")

    def admit(self, kiosk_id: int, purpose: Purpose) -> None:
        """One more browser."""
        name = f"{purpose}{len(self.browsers) + len(self.gone_browsers)}"
        self.browsers.append(Browser(name, kiosk_id, purpose, self.dice, self._front(kiosk_id), lambda: self.now_s))

    def _front(self, kiosk_id: int) -> Callable[[Callable[[], Any]], Any]:
        return lambda work: self._serve(self.boxes[f"kiosk{kiosk_id}"], work)

    def _serve(self, box: Machine, work: Callable[[], Any]) -> Any:
        """A call of a browser, over a wire of its own. Raises: Silence, Broken, and the kiosk's refusals."""
        fault = self.dice.choice(FRONT_FAULTS) if self._suffers("front") else ""
        if fault:
            self.note(f"front {box.name} {fault}")
        if box.kiosk_id in self.front_down or fault == "drop":
            raise Silence
        try:
            with self.power(box):
                answer = work()
                answer = work() if fault == "double" else answer
        except PowerCut:
            raise Silence from None
        except (DatabaseError, OSError):
            raise Broken from None
        if fault == "lose_answer":
            raise Silence
        return answer

    def _suffers(self, kind: str) -> bool:
        return not self.is_peace and kind in self.menu and self.dice.happens(self.share)

    @contextmanager
    def power(self, box: Machine) -> Iterator[None]:
        """Work on a box, whose plug may be pulled or whose disk may be full. Raises: PowerCut, when it is on again."""
        if self._suffers("crash"):
            box.disk.arm(self.dice.choice(DISK_FAULTS), self.dice.randrange(25))
        try:
            with box():
                yield
        except PowerCut:
            self.note(f"crash {box.name}")
            self.start(box)
            raise
        finally:
            if box.disk.disarm():
                self.note(f"disk {box.name} failed")

    def contact(self, box: Machine) -> str:
        """A run of contacts of one box; answers how it ended."""
        try:
            with self.power(box):
                report = synchronise(self.clients[box.name])  # type: ignore[arg-type]  # -- has what is called
            said = f"ok {report.acknowledged} {sorted(report.failed.items())}"
        except PowerCut:
            said = "crashed"
        except EdgeShopError as error:
            said = error.fields.get("cloud_code", error.code)
        except (DatabaseError, OSError):
            said = "disk"
        self.note(f"contact {box.name} {said}")
        self._check_marks(box)
        return said

    def _check_marks(self, box: Machine) -> None:
        """What a kiosk believes to be acknowledged, the cloud has, committed; unless we made it forget."""
        with box():
            marks = list(Chain.objects.values_list("device_id", "epoch", "acked_seq"))
        with self.cloud():
            kept = {(d, e): s for d, e, s in Chain.objects.values_list("device_id", "epoch", "seq")}
        for device, epoch, acked in marks:
            if acked > max(kept.get((device, epoch), 0), self.forgiven.get((device, epoch), 0)):
                self._blame("lost", f"{box.name} {epoch}: {acked} acknowledged, {kept.get((device, epoch), 0)} kept")
                self.forgiven[device, epoch] = acked

    def _blame(self, kind: str, what: str) -> None:
        self.found.append((kind, what))
        self.note(f"FOUND {kind} {what}")

    def _meanwhile(self, box: Machine) -> None:
        if self._suffers("meanwhile"):
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
        for _ in range(_PEACE_ROUNDS):
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
                self._blame("unequal", f"{box.name} cannot meet its cloud: {said}")
        self.promises |= {(b.name, n): said for b in self.browsers for n, said in b.promises.items()}
