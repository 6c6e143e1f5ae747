"""The parts of the bench, one after the other on one cloud whose history grows with them."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.fleet import books
from bench.fleet.box import Box
from bench.fleet.cloud import Cloud
from bench.fleet.fleet import Fleet
from bench.fleet.goods import KIOSKS_PER_SHOP
from bench.fleet.outage import reconnect
from edgeshop.qa.links import LinkBoard
from edgeshop.qa.profiles import Mode

Say = Callable[[str], None]
_ARRIVALS_PER_S = 10  # how many kiosks come back in a second: the same load at any size of the fleet
_LOSE_EACH = 20  # of so many kiosks one loses an answer after the cloud has committed
_SAMPLE_MAX = 200  # kiosks whose idle contacts are timed


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: kiosks of the largest fleet, orders of each in a run, and what reconnects and drains."""

    kiosks: int
    orders: int
    reconnecting: int
    orders_each: int
    queued: int


@dataclass(slots=True)
class Found:
    """What was measured. Shapes: cpu_s and arrival_cpu_s [n] of seconds by fleet sizes [n].

    `counted`: of the `fleet`, and of the controls `withheld` and `doubled`. `egress_rows`: the cloud's, of what its
    kiosks have moved.
    """

    sizes: list[int] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    arrival_cpu_s: list[float] = field(default_factory=list)
    reconnect_s: float = 0.0
    reconnect_cpu_s: float = 0.0
    reconnect_rows: dict[str, int] = field(default_factory=dict)
    drain_s: float = 0.0
    idle_p95_ms: float = 0.0
    idle_cpu_ms: float = 0.0
    facts_p95_ms: float = 0.0
    egress_rows: int = 0
    counted: dict[str, books.Counted] = field(default_factory=dict)


class Bench:
    """All parts on one cloud. Kiosks of the controls stand in a shop of their own."""

    def __init__(self, cloud: Cloud, size: Size, *, seed: int, say: Say) -> None:
        self._cloud, self._size, self._say, self._seed = cloud, size, say, seed
        self._rng = random.Random(seed)
        shops = -(-max(size.kiosks, size.reconnecting) // KIOSKS_PER_SHOP)
        self._first_control = shops * KIOSKS_PER_SHOP + 1
        self.fleet = Fleet(cloud, shops=shops + 1, seed=seed)
        self.found = Found()

    def run(self) -> Found:
        """Everything. Raises: ChildFailed; TimeoutError when kiosks do not get through."""
        self._grow(self._sizes()[0])
        self._cloud.start()
        for size in self._sizes():
            self._grow(size)
            self._one_size(size)
        self._idle()
        self._reconnect()
        self._drain()
        self._controls()
        return self.found

    def _sizes(self) -> list[int]:
        """Four fleets, each twice as large as the one before."""
        return sorted({max(2, self._size.kiosks // part) for part in (8, 4, 2, 1)})

    def _grow(self, size: int) -> None:
        have = len(self.fleet.boxes)
        if size > have:
            self._say(f"enrolling kiosks {have + 1} to {size}")
            self.fleet.grow(range(have + 1, size + 1))

    def _one_size(self, size: int) -> None:
        """First contacts of those who are new, then an outage over which every kiosk has sold."""
        boxes = list(self.fleet.boxes.values())
        self.found.arrival_cpu_s.append(self._arrive())
        self._say(f"{size} kiosks come back with {self._size.orders} orders each")
        for box in boxes:
            box.sell_alone(self._size.orders)
        for box in self._rng.sample(boxes, -(-size // _LOSE_EACH)):
            box.to_lose = 1
        cpu_s, _ = self._spent(lambda: self._return(boxes, _ARRIVALS_PER_S))
        self.found.sizes.append(size)
        self.found.cpu_s.append(cpu_s)

    def _arrive(self) -> float:
        """First contacts of those who are new, and later on one more, in which they tell of their month and are given
        a table. Answers the processor seconds of a first one.
        """
        new = [box for box in self.fleet.boxes.values() if not box.said]
        cpu_s, _ = self._spent(lambda: self._return(new, _ARRIVALS_PER_S))
        if new:
            self._cloud.steer([box.till.kiosk_id for box in new])
        for box in new:
            box.memory.ledger.live_a_month()
        self._return(new, _ARRIVALS_PER_S)
        return cpu_s / max(1, len(new))

    def _return(self, boxes: Sequence[Box], per_s: float) -> float:
        return reconnect(boxes, within_s=len(boxes) / per_s, rng=self._rng)

    def _spent(self, work: Callable[[], float]) -> tuple[float, float]:
        """Processor seconds of the cloud, and seconds by the clock, that some work took."""
        before = self._cloud.cpu_s()
        took_s = work()
        return self._cloud.cpu_s() - before, took_s

    def _idle(self) -> None:
        """Contacts with nothing to tell, of the whole fleet."""
        boxes = list(self.fleet.boxes.values())[:_SAMPLE_MAX]
        self._say(f"{len(boxes)} kiosks look for news")
        before = len(self.fleet.seen.contacts)
        cpu_s, _ = self._spent(lambda: self._return(boxes, _ARRIVALS_PER_S))
        told = self.fleet.seen.contacts[before:]
        self.found.idle_p95_ms = p95([ms for ms, _ in told])
        self.found.idle_cpu_ms = 1000 * cpu_s / len(told)

    def _reconnect(self) -> None:
        """Kiosks that all come back in the same second."""
        self._grow(self._size.reconnecting)
        self._arrive()
        boxes = list(self.fleet.boxes.values())[: self._size.reconnecting]
        self._say(f"{len(boxes)} kiosks come back at once with {self._size.orders_each} orders each")
        for box in boxes:
            box.sell_alone(self._size.orders_each)
        rows, before = self._cloud.row_counts(), len(self.fleet.seen.contacts)
        self.found.reconnect_cpu_s, self.found.reconnect_s = self._spent(
            lambda: reconnect(boxes, within_s=1, rng=self._rng)
        )
        after = self._cloud.row_counts()
        self.found.reconnect_rows = {name: n - rows.get(name, 0) for name, n in after.items() if n != rows.get(name, 0)}
        self.found.facts_p95_ms = p95([ms for ms, has_facts in self.fleet.seen.contacts[before:] if has_facts])

    def _drain(self) -> None:
        """One kiosk that was cut off for days, over a slow link."""
        box = self.fleet.boxes[1]
        self._say(f"one kiosk drains {self._size.queued} orders over 4G")
        box.sell_alone(self._size.queued)
        with LinkBoard(seed=self._seed) as board:
            link, direct = board.add("kiosk-cloud", upstream=self._cloud.port), box.line.port
            link.set(Mode.SLOW_4G)
            box.line.port = link.port
            self.found.drain_s = reconnect([box], within_s=0, rng=self._rng)
            box.line.port = direct

    def _controls(self) -> None:
        """The count sees an order that never came, and one that came twice."""
        ours = list(self.fleet.boxes.values())
        sold = [order for box in ours for order in box.till.sold]
        self.found.counted["fleet"] = books.count(self._cloud, sold, kiosks=[box.till.kiosk_id for box in ours])
        self.found.egress_rows = self._cloud.row_counts()["sync_dayegress"]
        self._say("the controls")
        silent, double = self.fleet.grow(range(self._first_control, self._first_control + 2))
        silent.till.sell(1)
        silent.till.withhold()
        double.till.sell_twice()
        self._return([double], 1)
        for name, box in (("withheld", silent), ("doubled", double)):
            self.found.counted[name] = books.count(self._cloud, box.till.sold, kiosks=[box.till.kiosk_id])


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty goes beyond."""
    return sorted(values)[min(len(values) - 1, math.ceil(0.95 * len(values)) - 1)] if values else math.nan


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """How costs grow with sizes: the slope of the logarithms by least squares; 1 is in proportion."""
    xs, ys = [math.log(size) for size in sizes], [math.log(cost) for cost in costs]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)
