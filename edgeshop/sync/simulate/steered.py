"""A fleet under a monthly cap: tables handed out each night, and a hard stop. Or open loop, as the control."""

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.bucket import ENTRY, day_fees, share_out
from edgeshop.sync.schedule.decide import Decision, decide
from edgeshop.sync.schedule.plan import Plan
from edgeshop.sync.schedule.steering import Steering
from edgeshop.sync.schedule.table import Table
from edgeshop.sync.schedule.workload import SLOTS, Floats
from edgeshop.sync.simulate.run import Nodes
from edgeshop.sync.simulate.world import World


class Steered:
    """Nodes without a push channel whose cloud steers them to a cap; with `is_open_loop` the first night's tables stay.

    Shapes: daily [prices, kinds], money that a node is expected to spend on a day. Units: cap for one run's fleet.
    """

    def __init__(self, world: World, plan: Plan, daily: Floats, cap: float, *, days: int, is_open_loop: bool) -> None:
        kinds = world.workload.kinds
        self._world, self._cap, self._is_open_loop = world, cap, is_open_loop
        self._tables = Table.side_by_side([t for tables in plan.tables for t in tables])
        self._grades = np.array(kinds.grades, int)[world.kind_of]
        fleet_daily = daily @ np.bincount(world.kind_of, minlength=kinds.count) / world.runs
        self._steering = Steering(fleet_daily, np.full(world.runs, cap), days)
        self._fees = world.workload.contact_bytes * kinds.prices[world.kind_of]
        self._day_fees = day_fees(kinds.prices[world.kind_of], world.workload.contact_bytes)
        self._node = np.arange(len(world.kind_of))
        self._bucket = np.full(len(world.kind_of), np.inf)
        self.pool = np.full(world.runs, np.inf)
        self._hand_out(0, np.zeros(world.runs))

    def night(self, day: int, nodes: Nodes) -> None:
        """Read what was spent, set the price, fill the buckets."""
        if self._is_open_loop or day < 0:
            return
        spent = np.asarray(np.bincount(self._world.run_of, nodes.spent, self._world.runs), float)
        if day > 0:
            self._hand_out(day, spent)
        for run in range(self._world.runs):
            mine = self._world.run_of == run
            self._bucket[mine], self.pool[run] = share_out(self._cap - spent[run], self._day_fees[mine])

    def decide(self, nodes: Nodes) -> Decision:
        """As a kiosk decides."""
        slot = nodes.slot % SLOTS
        return decide(
            self._table,
            slot=slot,
            known=nodes.known,
            elapsed=nodes.elapsed,
            grade=self._grades,
            bucket=self._bucket,
            contact_price=ENTRY * self._fees[:, slot],
        )

    def paid(self, made: NDArray[np.intp], fees: Floats) -> None:
        """Out of the node's bucket."""
        self._bucket[made] -= fees

    def _hand_out(self, day: int, spent: Floats) -> None:
        price = self._steering.tonight(day, spent).choose(self._node, self._world.run_of)
        self._table = self._tables.for_nodes(price * self._world.workload.kinds.count + self._world.kind_of)
