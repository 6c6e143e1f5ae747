"""The policies that are compared: decision tables, and what a careful operator would do instead."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.decide import Decision, decide
from edgeshop.sync.schedule.table import NEVER, Table
from edgeshop.sync.schedule.workload import SLOTS, Floats, Workload
from edgeshop.sync.simulate.run import Nodes
from edgeshop.sync.simulate.world import World

PERIODS = (1, 2, 4, 8, 16, 32, 96, 192, 384, 672)  # slots; each divides or nearly divides the next
_STEPS_MAX = 24  # points at which a backlog is looked at between two polls


class Endless:
    """A policy that may spend what it likes and changes nothing at night."""

    def __init__(self, world: World) -> None:
        self.pool = np.full(world.runs, np.inf)

    def night(self, day: int, nodes: Nodes) -> None:
        """Nothing changes."""

    def paid(self, made: NDArray[np.intp], fees: Floats) -> None:
        """It does not matter."""


class Tables(Endless):
    """Nodes that go by decision tables, with or without a push channel that tells them their backlog."""

    def __init__(self, world: World, tables: Sequence[Table], *, has_push: bool) -> None:
        super().__init__(world)
        self._table = Table.side_by_side(tables).for_nodes(world.kind_of)
        self._grades = np.array(world.workload.kinds.grades, int)[world.kind_of]
        self._has_push = has_push

    def decide(self, nodes: Nodes) -> Decision:
        """As a kiosk decides."""
        known, elapsed = (nodes.backlog, 0) if self._has_push else (nodes.known, nodes.elapsed)
        return decide(self._table, slot=nodes.slot % SLOTS, known=known, elapsed=elapsed, grade=self._grades)


class Polling(Endless):
    """Every node polls each stream at a fixed period; polls that fall together share one contact.

    Shapes: periods [kinds, streams], in slots; offsets likewise, the slot of the first poll.
    """

    def __init__(self, world: World, periods: NDArray[np.integer], offsets: NDArray[np.integer] | int = 0) -> None:
        super().__init__(world)
        self._periods = periods[world.kind_of]
        self._offsets = np.broadcast_to(offsets, periods.shape)[world.kind_of]

    def decide(self, nodes: Nodes) -> Decision:
        """By the clock alone."""
        due = (nodes.slot - self._offsets) % self._periods == 0
        never = np.broadcast_to(np.uint8(NEVER), due.shape)
        return Decision(due.any(-1), np.where(due, 1, NEVER), never, never)


def fixed(world: World, slots: int) -> Polling:
    """Everything every so many slots."""
    shape = (world.workload.kinds.count, len(world.workload.streams))
    return Polling(world, np.full(shape, slots))


def hand_tuned(world: World) -> Polling:
    """What a careful operator sets: the first stream every slot, large ones nightly at three, the others hourly."""
    streams, kinds = world.workload.streams, world.workload.kinds.count
    periods = [1 if i == 0 else SLOTS if s.bytes_per_change > 1e5 else 4 for i, s in enumerate(streams)]
    offsets = [12 if period == SLOTS else 0 for period in periods]
    return Polling(world, np.tile(periods, (kinds, 1)), np.tile(offsets, (kinds, 1)))


def optimal_periods(workload: Workload, mu: float) -> NDArray[np.int64]:
    """The best fixed periods per kind and stream at a price of money, contacts shared: Cho and Garcia-Molina (2003)
    with exact Poisson expectations and our costs, flat over the day. Shape: [kinds, streams]."""
    kinds = workload.kinds
    tolls = mu * kinds.prices.mean(-1)
    rates = [_rates(workload, stream, tolls) for stream in range(len(workload.streams))]  # [kinds, periods] each
    best, best_cost = np.ones((kinds.count, len(rates)), int), np.full(kinds.count, np.inf)
    for base, period in enumerate(PERIODS):
        allowed = [p for p, slots in enumerate(PERIODS) if p >= base and slots % period == 0]
        picks = np.stack([np.array(allowed)[rate[:, allowed].argmin(1)] for rate in rates], 1)
        cost = tolls * workload.contact_bytes / period
        cost = cost + sum(rate[np.arange(kinds.count), picks[:, i]] for i, rate in enumerate(rates))
        better = cost < best_cost
        best[better] = np.array(PERIODS)[picks[better]]
        best_cost = np.minimum(cost, best_cost)
    return best


def _rates(workload: Workload, index: int, tolls: Floats) -> Floats:
    """Harm and payload of one stream per slot at each period. Shape: [kinds, periods]."""
    stream, weight = workload.streams[index], workload.kinds.weights[index].mean(-1)
    rate = stream.rates.mean()
    harm = [np.mean([_mean(stream.harm_of, rate * u) for u in _steps(slots)]) for slots in PERIODS]
    size = [_mean(stream.bytes_of, rate * slots) / slots for slots in PERIODS]
    return np.asarray(weight[:, None] * np.array(harm) + tolls[:, None] * np.array(size))


def _steps(slots: int) -> Floats:
    return np.linspace(0, slots - 1, min(slots, _STEPS_MAX))


def _mean(of: Callable[[Floats], Floats], mean: float) -> float:
    """The mean of a function of a Poisson backlog."""
    backlog = np.arange(int(mean + 10 * mean**0.5) + 20, dtype=float)
    factorials = np.concatenate([[0.0], np.log(backlog[1:]).cumsum()])
    chances = np.exp(backlog * np.log(max(mean, 1e-12)) - mean - factorials)
    return float(chances @ of(backlog) / chances.sum())
