"""The policies that are compared: ours, and what a careful operator would do instead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.decide import Decision, decide
from edgeshop.sync.schedule.table import Table
from edgeshop.sync.schedule.workload import SLOTS, Floats
from edgeshop.sync.simulate.run import Nodes
from edgeshop.sync.simulate.world import World


class Tables:
    """Nodes that go by decision tables, with or without a push channel that tells them their backlog."""

    allowance: Floats | float = np.inf

    def __init__(self, world: World, tables: Sequence[Table], *, has_push: bool) -> None:
        self._table = Table.side_by_side(tables).for_nodes(world.kind_of)
        self._grades = np.array(world.workload.kinds.grades, int)[world.kind_of]
        self._has_push = has_push

    def night(self, day: int, nodes: Nodes) -> None:
        """Nothing changes."""

    def decide(self, nodes: Nodes) -> Decision:
        """As a kiosk decides."""
        known, elapsed = (nodes.backlog, 0) if self._has_push else (nodes.known, nodes.elapsed)
        return decide(self._table, slot=nodes.slot % SLOTS, known=known, elapsed=elapsed, grade=self._grades)
