"""What money buys: every policy's spend and harm in the same months, and the bound that none can beat.

The bound assumes links that break and mend by chance. Its gap is measured with a control variate: the harm of contact
in every slot is known exactly, so how far the months drawn miss it is taken off every policy's harm. What is left of
chance is the standard error.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edgeshop.sync.schedule.plan import Plan, solve
from edgeshop.sync.schedule.workload import Floats
from edgeshop.sync.simulate.fleet import Fleet
from edgeshop.sync.simulate.policies import Polling, Tables, fixed, hand_tuned, optimal_periods
from edgeshop.sync.simulate.run import Outcome, Policy, live
from edgeshop.sync.simulate.world import World

CADENCES = {"15 min": 1, "1 h": 4, "4 h": 16, "24 h": 96}
FLOOR, HOURLY = "every 15 min", "every 1 h"
KNOWN, NO_PUSH, POLLING = "tables, backlog known", "tables, no push", "optimal polling"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Point:
    """A policy's average month. Units: USD; harm in requests hurt per thousand.

    `excess_se` is the standard error of harm minus bound, which moves with the money spent.
    """

    name: str
    family: str
    mu: float | None
    usd: float
    usd_se: float
    harm: float
    harm_se: float
    bound: float
    excess_se: float
    gb: float
    contacts_per_day: float

    @property
    def gap_pct(self) -> float | None:
        """How far above the bound; None where the bound says nothing."""
        return 100 * (self.harm / self.bound - 1) if self.bound > 0 else None


@dataclass(frozen=True, slots=True)
class Frontier:
    """All points, and what lies behind some. Shape: daily [prices, kinds], a node's money a day without push."""

    points: tuple[Point, ...]
    outcomes: dict[str, Outcome]
    daily: Floats

    def of(self, family: str) -> list[Point]:
        """The points of one family, cheapest money first."""
        return [p for p in self.points if p.family == family]

    def usd_at(self, family: str, harm: float) -> float | None:
        """What a family needs to come to a harm, between its points on straight lines of logarithms; None beyond."""
        points = sorted(self.of(family), key=lambda p: p.harm)
        if not points or not points[0].harm <= harm <= points[-1].harm:
            return None
        usd = np.interp(np.log(harm), np.log([p.harm for p in points]), np.log([p.usd for p in points]))
        return float(np.exp(usd))


class Measure:
    """Turns outcomes into points against the bound of a plan."""

    def __init__(self, fleet: Fleet, world: World, plan: Plan, days: int) -> None:
        self._world, self._plan, self._days = world, plan, days
        self._fleet = fleet
        self._requests = float(fleet.workload.kinds.weights[0].sum(-1) @ fleet.counts) * days
        self._bounds = plan.bounds @ fleet.counts * days
        floor = live(world, fixed(world, 1))
        known = float(solve(fleet.workload, [0.0]).bounds[0] @ fleet.counts) * days
        drawn = floor.per_run(world, floor.harm.sum(1))
        self._luck = np.zeros_like(drawn) if fleet.has_traces else drawn - known

    def point(self, name: str, family: str, outcome: Outcome, mu: float | None = None) -> Point:
        """One policy's point."""
        world, month = self._world, 30 / self._days
        usd = outcome.per_run(world, outcome.money)
        harm = 1e3 * (outcome.per_run(world, outcome.harm.sum(1)) - self._luck) / self._requests
        bounds = self._bounds - np.array(self._plan.mus) * usd.mean()
        best = int(bounds.argmax())
        excess = harm + 1e3 * self._plan.mus[best] * usd / self._requests
        return Point(
            name=name,
            family=family,
            mu=mu,
            usd=float(usd.mean()) * month,
            usd_se=_se(usd) * month,
            harm=float(harm.mean()),
            harm_se=_se(harm),
            bound=float(1e3 * bounds[best] / self._requests),
            excess_se=_se(excess),
            gb=float(outcome.bytes.sum()) / world.runs / 1e9 * month,
            contacts_per_day=float(outcome.contacts.mean()) / self._days,
        )


def draw(fleet: Fleet, world: World, plan: Plan, days: int, say: Say) -> Frontier:
    """Let every policy live through the same months."""
    measure = Measure(fleet, world, plan, days)
    points, outcomes = [], {}
    for name, family, policy in _rivals(world, plan):
        say(f"living through {name}")
        outcomes[name] = live(world, policy)
        points.append(measure.point(name, family, outcomes[name]))
    daily = np.zeros_like(plan.bounds)
    for row, mu in enumerate(plan.mus):
        say(f"living by tables at {mu:.0f} a dollar")
        for family, has_push in ((KNOWN, True), (NO_PUSH, False)):
            outcome = live(world, Tables(world, plan.tables[row], has_push=has_push))
            points.append(measure.point(f"{family}, {mu:.0f} a dollar", family, outcome, mu))
        outcomes[points[-1].name] = outcome
        daily[row] = _per_node_day(world, outcome, days)
    return Frontier(tuple(points), outcomes, daily)


def _rivals(world: World, plan: Plan) -> list[tuple[str, str, Policy]]:
    rivals: list[tuple[str, str, Policy]] = [
        (f"every {name}", "fixed cadence", fixed(world, slots)) for name, slots in CADENCES.items()
    ]
    rivals.append(("hand-tuned", "hand-tuned", hand_tuned(world)))
    for mu in plan.mus:
        rivals.append((f"{POLLING}, {mu:.0f} a dollar", POLLING, Polling(world, optimal_periods(world.workload, mu))))
    return rivals


def _per_node_day(world: World, outcome: Outcome, days: int) -> Floats:
    kinds = world.workload.kinds.count
    nodes = np.bincount(world.kind_of, minlength=kinds)
    return np.asarray(np.bincount(world.kind_of, outcome.money, kinds) / np.maximum(nodes, 1) / days)


def _se(values: Floats) -> float:
    return float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else 0.0
