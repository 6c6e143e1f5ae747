"""Let a policy live through a world, slot by slot, all nodes at once."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.bucket import from_bucket, from_pool
from edgeshop.sync.schedule.decide import Decision
from edgeshop.sync.schedule.workload import SLOTS, Floats
from edgeshop.sync.simulate.world import Flags, World

WARM_UP_DAYS = 7  # lived through before anything is counted, so that a month begins as any month does


@dataclass(slots=True)
class Nodes:
    """What is true of every node at the beginning of a slot.

    Shapes: backlog, known and elapsed [nodes, streams]; spent [nodes]; slot counts from the first day on.
    """

    slot: int
    backlog: NDArray[np.int32]
    known: NDArray[np.int32]
    elapsed: NDArray[np.int32]
    spent: Floats


class Policy(Protocol):
    """Something that decides for all nodes of a world.

    Shapes: pool [runs], money that the cloud may still spend on large payloads, or endless.
    """

    pool: Floats

    def decide(self, nodes: Nodes) -> Decision:
        """What each node does in this slot."""

    def night(self, day: int, nodes: Nodes) -> None:
        """Local midnight: `day` begins, counted from the first that counts; before that they are below zero."""

    def paid(self, made: NDArray[np.intp], fees: Floats) -> None:
        """These nodes have paid for contacts and small payloads from their own buckets."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A policy's month. Shapes: harm [nodes, streams]; bytes [nodes, streams + 1], the last for contacts as such;
    money and contacts [nodes]."""

    harm: Floats
    bytes: Floats
    money: Floats
    contacts: NDArray[np.int64]

    def per_run(self, world: World, values: Floats) -> Floats:
        """Sums over the fleet for each seed. Shapes: values [nodes], the answer [runs]."""
        return np.asarray(np.bincount(world.run_of, values, world.runs), float)


def live(world: World, policy: Policy) -> Outcome:
    """Run a policy through the days of a world after the warm-up."""
    tally = _Tally(world)
    nodes = tally.nodes
    for slot in range(world.days * SLOTS):
        nodes.slot = slot
        if slot == WARM_UP_DAYS * SLOTS:
            tally.start()
        if slot % SLOTS == 0:
            policy.night(slot // SLOTS - WARM_UP_DAYS, nodes)
        tally.step(slot, policy)
    return Outcome(tally.harm, tally.bytes, nodes.spent, tally.contacts)


class _Tally:
    """The nodes as they go through the slots, and what that costs and hurts."""

    def __init__(self, world: World) -> None:
        self._world, kinds = world, world.workload.kinds
        shape = (len(world.kind_of), len(world.workload.streams))
        backlog, known, elapsed = (np.zeros(shape, np.int32) for _ in range(3))
        self.nodes = Nodes(0, backlog, known, elapsed, np.zeros(shape[0]))
        self._weights = np.ascontiguousarray(kinds.weights.transpose(2, 1, 0)[:, world.kind_of])
        self._prices = np.ascontiguousarray(kinds.prices.T[:, world.kind_of])
        self._down_streams = np.array([not s.is_up for s in world.workload.streams])
        known_to = np.arange(_TALLIED)
        self._bytes_of = np.stack([s.bytes_of(known_to) for s in world.workload.streams], 1)
        self._harm_of = np.stack([s.harm_of(known_to) for s in world.workload.streams], 1)
        self._column = np.arange(shape[1])
        self.start()

    def start(self) -> None:
        shape = self.nodes.backlog.shape
        self.harm, self.bytes = np.zeros(shape), np.zeros((shape[0], shape[1] + 1))
        self.contacts = np.zeros(shape[0], np.int64)
        self.nodes.spent[:] = 0.0

    def step(self, slot: int, policy: Policy) -> None:
        world, nodes = self._world, self.nodes
        decision = policy.decide(nodes)
        made = np.flatnonzero(decision.contact & world.up[slot])
        if len(made):
            self._contact(made, decision.of(made), policy)
        self.harm += self._weights[slot % SLOTS] * self._harm_of[nodes.backlog, self._column]
        np.minimum(nodes.backlog + world.arrivals[slot], _TALLIED - 1, out=nodes.backlog)
        nodes.elapsed += 1
        nodes.known[:, ~self._down_streams] = nodes.backlog[:, ~self._down_streams]
        nodes.elapsed[:, ~self._down_streams] = 0

    def _contact(self, made: NDArray[np.intp], decision: Decision, policy: Policy) -> None:
        nodes, price = self.nodes, self._prices[self.nodes.slot % SLOTS, made]
        backlog = nodes.backlog[made]
        sizes = self._bytes_of[backlog, self._column]
        contact_bytes = self._world.workload.contact_bytes
        asks = decision.asks(backlog)
        own = from_bucket(asks, sizes, contact_bytes)
        goes = own | self._from_pools(made, asks & ~own, sizes * price[:, None], policy.pool)
        moved = np.where(goes, sizes, 0.0)
        self.bytes[made, :-1] += moved
        self.bytes[made, -1] += contact_bytes
        nodes.spent[made] += (moved.sum(1) + contact_bytes) * price
        policy.paid(made, (np.where(own, sizes, 0.0).sum(1) + contact_bytes) * price)
        self.contacts[made] += 1
        nodes.backlog[made] = np.where(goes, 0, backlog)
        nodes.known[made] = nodes.backlog[made]
        nodes.elapsed[made] = 0

    def _from_pools(self, made: NDArray[np.intp], asks: Flags, costs: Floats, pool: Floats) -> Flags:
        """What each fleet's pool pays for; it is drawn down."""
        run_of, goes = self._world.run_of[made], asks.copy()
        wanted = np.bincount(run_of, np.where(asks, costs, 0.0).sum(1), len(pool))
        for run in np.flatnonzero(wanted > pool):
            mine = run_of == run
            goes[mine] = from_pool(asks[mine], costs[mine], pool[run])
        pool -= np.bincount(run_of, np.where(goes, costs, 0.0).sum(1), len(pool))
        return goes


_TALLIED = 4096  # backlogs are counted up to here: six weeks of the fastest stream
