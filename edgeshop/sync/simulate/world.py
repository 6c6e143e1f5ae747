"""What happens to a fleet whatever its nodes do: changes that arrive and links that break. Same seed, same world.

Every policy meets the same world, so that differences between policies are the policies'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.workload import SLOTS, Workload

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Jump:
    """From a day on, every stream changes `factor` times as fast as planned for."""

    day: int
    factor: float


@dataclass(frozen=True, slots=True)
class World:
    """One history of a fleet, or several side by side.

    Shapes: kind_of and run_of [nodes], the kind of each node and the seed it belongs to; up [slots, nodes];
    arrivals [slots, nodes, streams], changes that come at the end of a slot.
    """

    workload: Workload
    days: int
    runs: int
    kind_of: NDArray[np.intp]
    run_of: NDArray[np.intp]
    up: Flags
    arrivals: NDArray[np.uint8]


def make_world(
    workload: Workload,
    counts: NDArray[np.integer],
    *,
    days: int,
    seeds: Sequence[int],
    jump: Jump | None = None,
    outages: Sequence[Flags | None] = (),
) -> World:
    """Histories of `days` for one fleet per seed. Shapes: counts [kinds], nodes of each kind.

    `outages` replays a recorded trace (up or not by slot) per kind in place of the two-state link.
    """
    kind_of = np.repeat(np.arange(len(counts)), counts)
    parts = [_history(workload, kind_of, days, np.random.default_rng(seed), jump, outages) for seed in seeds]
    return World(
        workload=workload,
        days=days,
        runs=len(seeds),
        kind_of=np.tile(kind_of, len(seeds)),
        run_of=np.repeat(np.arange(len(seeds)), len(kind_of)),
        up=np.concatenate([up for up, _ in parts], axis=1),
        arrivals=np.concatenate([arrivals for _, arrivals in parts], axis=1),
    )


def _history(
    workload: Workload,
    kind_of: NDArray[np.intp],
    days: int,
    chance: np.random.Generator,
    jump: Jump | None,
    outages: Sequence[Flags | None],
) -> tuple[Flags, NDArray[np.uint8]]:
    up = _links(workload, kind_of, days * SLOTS, chance)
    for kind, trace in enumerate(outages):
        if trace is not None:
            _replay(up, np.flatnonzero(kind_of == kind), trace, chance)
    rates = np.stack([s.rates for s in workload.streams], 1)
    arrivals = np.empty((days * SLOTS, len(kind_of), rates.shape[1]), np.uint8)
    for slot in range(days * SLOTS):
        speed = jump.factor if jump and slot >= jump.day * SLOTS else 1.0
        for stream, rate in enumerate(rates[slot % SLOTS]):
            arrivals[slot, :, stream] = chance.poisson(speed * rate, len(kind_of))
    return up, arrivals


def _links(workload: Workload, kind_of: NDArray[np.intp], slots: int, chance: np.random.Generator) -> Flags:
    fail, repair = workload.kinds.fail[kind_of], workload.kinds.repair[kind_of]
    up = np.empty((slots, len(kind_of)), bool)
    now = np.ones(len(kind_of), bool)
    for slot in range(slots):
        up[slot] = now
        now = np.where(now, chance.random(len(kind_of)) >= fail, chance.random(len(kind_of)) < repair)
    return up


def _replay(up: Flags, nodes: NDArray[np.intp], trace: Flags, chance: np.random.Generator) -> None:
    """Each node lives through the recorded trace from a slot of its own on, again and again."""
    begins = chance.integers(len(trace), size=len(nodes))
    up[:, nodes] = trace[(np.arange(len(up))[:, None] + begins) % len(trace)]
