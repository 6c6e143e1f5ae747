"""The one decision: make contact now or not, and for which streams. Production and simulator call this very function.

A node without a push channel does not know what it lacks. It goes by what it lacked after its last contact and by the
changes that the table's rates expect since. The contact tells it the truth, so what is asked for is stated as
bounds, which the cloud compares with the true backlog: no second round trip.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.table import NEVER, Table
from edgeshop.sync.schedule.workload import SLOTS, Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to make contact, and at which true backlogs each stream is to be sent in it.

    Shapes: contact [] or [nodes]; the others [streams] or [nodes, streams]. A stream is sent from `ask_from` on, but
    not from `skip` to before `again`; 255 is not at all.
    """

    contact: NDArray[np.bool_]
    ask_from: NDArray[np.integer]
    skip: NDArray[np.integer]
    again: NDArray[np.integer]

    def of(self, nodes: NDArray[np.integer]) -> "Decision":
        """The decisions of some nodes."""
        return Decision(self.contact[nodes], self.ask_from[nodes], self.skip[nodes], self.again[nodes])

    def asks(self, backlog: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which streams are to be sent when these are the true backlogs. Shapes: [streams] or [nodes, streams]."""
        waits = (backlog >= self.skip) & (backlog < self.again)
        return np.asarray(self.contact[..., None] & (backlog >= self.ask_from) & (backlog > 0) & ~waits)


def decide(
    table: Table,
    *,
    slot: int,
    known: ArrayLike,
    elapsed: ArrayLike = 0,
    grade: Grade | NDArray[np.integer] = Grade.B,
    bucket: ArrayLike = np.inf,
    contact_price: ArrayLike = 0.0,
) -> Decision:
    """Decide for one node, or for many at once.

    Shapes: known and elapsed [streams] or [nodes, streams]; grade, bucket and contact_price one or [nodes].
    Units: slot of the local day; known is the backlog after the last contact, elapsed the whole slots since (0 where
    the present backlog is known); bucket and contact_price are money: what the node may spend, and what it must hold to
    make contact.
    """
    lacking = backlog_now(table, slot=slot, known=known, elapsed=elapsed)
    allowed, is_free = table.allows(grade), np.asarray(grade)[..., None] == Grade.A
    speaks = allowed & ~((lacking >= table.skip[slot]) & (lacking < table.again[slot]))
    parts = np.where(speaks, np.maximum(lacking - table.floor[slot], 0.0) * table.slope[slot], 0.0)
    parts = np.where(is_free, allowed & (lacking >= 1.0), parts)
    return Decision(
        contact=np.asarray((parts.sum(-1) >= 1.0) & (np.asarray(bucket) >= contact_price)),
        ask_from=np.where(allowed, np.where(is_free, 1, table.can[slot]), NEVER),
        skip=np.where(is_free, NEVER, table.skip[slot]),
        again=table.again[slot],
    )


def backlog_now(table: Table, *, slot: int, known: ArrayLike, elapsed: ArrayLike) -> Floats:
    """The expected backlog at the beginning of a slot. Shapes: as for `decide`."""
    days, rest = np.divmod(slot - np.asarray(elapsed), SLOTS)
    column = np.arange(len(table.streams))
    since = table.expected[slot] - table.expected[rest, column] - days * table.expected[SLOTS]
    return np.asarray(known + since, float)
