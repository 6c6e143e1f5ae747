"""The one decision: make contact now or not, and for which streams. Production and simulator call this very function.

A node without a push channel does not know what it lacks. It goes by what it lacked after its last contact and by the
changes that the table's rates expect since. The contact tells it the truth, so what is asked for is stated as
thresholds, which the cloud compares with the true backlog: no second round trip.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.table import NEVER, Table
from edgeshop.sync.schedule.workload import SLOTS, Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to make contact, and from which backlog on each stream is to be sent in it.

    Shapes: contact [] or [nodes]; ask_from [streams] or [nodes, streams], 255 for not at all.
    """

    contact: NDArray[np.bool_]
    ask_from: NDArray[np.integer]


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
    the present backlog is known); bucket and contact_price are money, for what may still be spent and for a bare contact.
    """
    lacking = backlog_now(table, slot=slot, known=known, elapsed=elapsed)
    allowed = table.allows(grade)
    parts = np.where(allowed, np.maximum(lacking - table.floor[slot], 0.0) * table.slope[slot], 0.0)
    is_free = np.asarray(grade) == Grade.A
    contact = np.where(is_free, (allowed & (lacking >= 1.0)).any(-1), parts.sum(-1) >= 1.0)
    ask_from = np.where(is_free[..., None], 1, np.maximum(table.can[slot], 1))
    return Decision(contact & (np.asarray(bucket) >= contact_price), np.where(allowed, ask_from, NEVER))


def backlog_now(table: Table, *, slot: int, known: ArrayLike, elapsed: ArrayLike) -> Floats:
    """The expected backlog at the beginning of a slot. Shapes: as for `decide`."""
    days, rest = np.divmod(slot - np.asarray(elapsed), SLOTS)
    column = np.arange(len(table.streams))
    since = table.expected[slot] - table.expected[rest, column] - days * table.expected[SLOTS]
    return np.asarray(known + since, float)


def sent(decision: Decision, *, backlog: NDArray[np.integer], costs: Floats, allowance: ArrayLike) -> NDArray[np.bool_]:
    """Which streams go out in the contacts that are made: those asked for, in their order while the money lasts.

    Shapes: backlog and costs [streams] or [nodes, streams]; allowance one or [nodes], money left for streams.
    """
    asked = decision.contact[..., None] & (backlog >= decision.ask_from) & (backlog > 0)
    goes, left = np.zeros_like(asked), np.broadcast_to(np.asarray(allowance, float), asked.shape[:-1])
    for stream in range(asked.shape[-1]):
        goes[..., stream] = asked[..., stream] & (costs[..., stream] <= left)
        left = left - np.where(goes[..., stream], costs[..., stream], 0.0)
    return goes
