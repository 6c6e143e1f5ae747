"""Monthly egress: megabytes a node-month on average, and the band that nine nodes of ten lie in."""

from dataclasses import dataclass

import numpy as np

from edgeshop.sync.schedule.plan import solve
from edgeshop.sync.schedule.workload import Floats
from edgeshop.sync.simulate.fleet import Fleet
from edgeshop.sync.simulate.frontier import CADENCES, Say
from edgeshop.sync.simulate.policies import Tables
from edgeshop.sync.simulate.run import Outcome, live
from edgeshop.sync.simulate.world import World

OURS = "tables"


@dataclass(frozen=True, slots=True)
class Band:
    """Megabytes a node-month: the mean over nodes and seeds, and the 5th and 95th of a hundred."""

    part: str
    cadence: str
    mean: float
    low: float
    high: float


def by_class(fleet: Fleet, world: World, outcomes: dict[str, Outcome], days: int) -> list[Band]:
    """Everything a node moves, by node class and cadence."""
    names = np.array([k.class_name for k in fleet.kinds])
    of_node = names[world.kind_of]
    return [
        _band(name, cadence, outcome.bytes.sum(1)[of_node == name], days)
        for name in dict.fromkeys(names.tolist())
        for cadence, outcome in outcomes.items()
        if (of_node == name).any()
    ]


def by_stream(world: World, outcomes: dict[str, Outcome], days: int) -> list[Band]:
    """What each stream carries, and what contacts cost as such, by cadence."""
    parts = [*(s.name for s in world.workload.streams), "contacts"]
    return [
        _band(part, cadence, outcome.bytes[:, i], days)
        for i, part in enumerate(parts)
        for cadence, outcome in outcomes.items()
    ]


def by_vector(fleet: Fleet, world: World, outcomes: dict[str, Outcome], mu: float, days: int, say: Say) -> list[Band]:
    """The stream of vectors and the contacts, by size of vector and cadence. At a fixed cadence the same vectors go
    whatever their size; tables are solved anew for each, at one price of money."""
    index = next(i for i, s in enumerate(fleet.streams) if s.name == fleet.vector_stream)
    size_now = fleet.streams[index].bytes_per_change
    bands = []
    for name, size in fleet.vectors.items():
        for cadence in CADENCES:
            moved = outcomes[cadence].bytes
            bands.append(_band(name, cadence, moved[:, -1] + moved[:, index] * size / size_now, days))
        say(f"solving for {name}")
        bands.append(_band(name, OURS, _by_tables(fleet.with_vector(name), world, mu, index), days))
    return bands


def _by_tables(fleet: Fleet, world: World, mu: float, index: int) -> Floats:
    there = World(fleet.workload, world.days, world.runs, world.kind_of, world.run_of, world.up, world.arrivals)
    outcome = live(there, Tables(there, solve(fleet.workload, [mu]).tables[0], has_push=False))
    return np.asarray(outcome.bytes[:, -1] + outcome.bytes[:, index])


def _band(part: str, cadence: str, moved: Floats, days: int) -> Band:
    mb = moved / 1e6 * 30 / days
    low, high = np.quantile(mb, [0.05, 0.95])
    return Band(part, cadence, float(mb.mean()), float(low), float(high))
