"""Solve a workload at several prices of money at once: decision tables for every kind of node, and the dual bound.

One contact serves all streams, so its bytes are paid once. Splitting them among the streams, slot by slot, in any way
at all lets each stream be solved alone and can only make contacts cheaper: every split gives a lower bound. The best
split charges the streams that drive contacts; it is climbed to by weighing each stream with how often it asks then.
The tables come from the same values, but with the whole contact to be earned by all streams together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.solve import Day, StreamProblem
from edgeshop.sync.schedule.table import NEVER, Table, Thresholds
from edgeshop.sync.schedule.workload import BACKLOG_MAX, SLOTS, Floats, Workload

_ROUNDS = 10  # by then the bound moves by less than a thousandth
_DAYS_PER_ROUND = 4  # for streams of few states, whose backlog takes days to grow: they cost next to nothing
_SEEN_MIN = 1e-3  # chance of an ask below which a slot is left as it is


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workload comes to at each price.

    Shapes: mus [prices]; bounds [prices, kinds], the least μ × money + harm of an average day per node;
    tables[price][kind].
    """

    mus: tuple[float, ...]
    bounds: Floats
    tables: tuple[tuple[Table, ...], ...]


def solve(workload: Workload, mus: Sequence[float], *, say: Callable[[str], None] = lambda _: None) -> Plan:
    """Plan for every price in `mus`, cheapest money first. About a second a price for 100 streams of a kind."""
    problems = _problems(workload, mus)
    rows = len(mus) * workload.kinds.count
    entry = np.full((len(problems), rows, SLOTS), workload.contact_bytes / len(problems))
    states = [_State(problem) for problem in problems]
    for number in range(_ROUNDS):
        for state, part in zip(states, entry, strict=True):
            state.advance(part)
        say(f"solving, round {number + 1} of {_ROUNDS}")
        entry = _split(entry, np.stack([state.asked for state in states]))
    bounds = sum(state.least for state in states)
    tables = [_table(workload, mu, states, row) for row, mu in enumerate(np.repeat(mus, workload.kinds.count))]
    per_price = workload.kinds.count
    grouped = tuple(tuple(tables[i : i + per_price]) for i in range(0, rows, per_price))
    return Plan(tuple(mus), np.reshape(bounds, (len(mus), per_price)), grouped)


class _State:
    """One stream on its way: values, chances, and what the last day said."""

    def __init__(self, problem: StreamProblem) -> None:
        self._problem = problem
        self._days = _DAYS_PER_ROUND if problem.states < BACKLOG_MAX else 1
        self._values, self._chances = problem.nothing_known(), problem.all_fresh()
        self.least = self.asked = np.zeros(0)

    def advance(self, part: Floats) -> None:
        for _ in range(self._days):
            day = self._problem.back(self._values, part)
            self.least = (day.values - self._values).min((0, 2))
            self._values = day.values - day.values.min((0, 2), keepdims=True)
            self._chances, self.asked = self._problem.forward(self._chances, day.asks)
        self._day: Day = day

    def thresholds(self, row: int, contact_bytes: float) -> list[Thresholds]:
        """`must`, `can`, `skip` and `again` of one row. Shapes: [96] each."""
        gains = self._day.gains[:, row]
        asks = gains > 0
        can = _first(asks, 1)
        skip = _first(~asks, can)
        again = _first(asks, skip)
        fees = self._problem.tolls[row, :, None] * contact_bytes
        return [_first(gains >= fees, can), can, np.where(again == NEVER, NEVER, skip), again]


def _first(holds: NDArray[np.bool_], begin: NDArray[np.integer] | int) -> Thresholds:
    """The first backlog from `begin` on at which it holds; 255 when there is none. Shapes: [96, states], [96]."""
    found = holds & (np.arange(holds.shape[1]) >= np.reshape(begin, (-1, 1)))
    return np.where(found.any(-1), np.minimum(found.argmax(-1), NEVER), NEVER).astype(np.uint8)


def _split(entry: Floats, asked: Floats) -> Floats:
    """A better split: each stream's part grows with how often it asks. Shapes: [streams, rows, 96] all."""
    most = asked.max(0)
    weighed = entry * np.where(most > _SEEN_MIN, np.exp(asked / np.maximum(most, _SEEN_MIN)), 1.0)
    return np.asarray(weighed * (entry.sum(0) / weighed.sum(0)))


def _problems(workload: Workload, mus: Sequence[float]) -> list[StreamProblem]:
    kinds, copies = workload.kinds, len(mus)
    tolls = np.concatenate([mu * kinds.prices for mu in mus])
    fail, repair = np.tile(kinds.fail, copies), np.tile(kinds.repair, copies)
    return [
        StreamProblem(stream, np.tile(kinds.weights[i], (copies, 1)), tolls, fail, repair)
        for i, stream in enumerate(workload.streams)
    ]


def _table(workload: Workload, mu: float, states: Sequence[_State], row: int) -> Table:
    must, can, skip, again = zip(*(state.thresholds(row, workload.contact_bytes) for state in states), strict=True)
    return Table(
        streams=tuple(s.name for s in workload.streams),
        mu=float(mu),
        must=np.stack(must, 1),
        can=np.stack(can, 1),
        skip=np.stack(skip, 1),
        again=np.stack(again, 1),
        rates=np.stack([s.rates[:: SLOTS // 24] for s in workload.streams], 1)
        .astype(np.float16)
        .astype(float),  # as sent
        worst_grades=np.array([s.worst_grade for s in workload.streams], np.uint8),
    )
