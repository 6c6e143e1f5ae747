"""Notice that a schedule has silently stopped: nothing has moved for three of the gaps that its table promises."""

import numpy as np

from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.decide import decide
from edgeshop.sync.schedule.table import Table
from edgeshop.sync.schedule.workload import SLOTS

GAPS_MAX = 3
_GAP_DAYS_MAX = 7  # a table that promises nothing within a week is held to a week
_SLOT_S = 900.0


def promised_gap_s(table: Table, *, grade: Grade = Grade.B) -> float:
    """The longest time that this table lets pass between contacts, whenever it begins. Units: seconds."""
    return _SLOT_S * max(_gap(table, slot, grade) for slot in range(SLOTS))


def has_stalled(*, now_s: float, moved_s: float, gap_s: float) -> bool:
    """Whether nothing has moved for three promised gaps. Units: seconds of one clock that does not jump."""
    return now_s - moved_s > GAPS_MAX * gap_s


def _gap(table: Table, begin: int, grade: Grade) -> int:
    none = np.zeros(len(table.streams))
    for elapsed in range(1, _GAP_DAYS_MAX * SLOTS):
        slot = (begin + elapsed) % SLOTS
        if decide(table, slot=slot, known=none, elapsed=elapsed, grade=grade).contact:
            return elapsed
    return _GAP_DAYS_MAX * SLOTS
