"""On a kiosk: notice that nothing has moved for three of the gaps that its schedule promises, and say so."""

from dataclasses import dataclass

from edgeshop.kernel import clock
from edgeshop.sync.schedule import has_stalled
from edgeshop.sync.services.grading import terms_here
from edgeshop.sync.services.scheduling import promised_s
from edgeshop.sync.services.state import is_out_of_reach, last_contact


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """How the link stands: its grade, the longest gap promised, and since when nothing has moved, in seconds.

    `is_stalled`: that is more than three gaps. `is_tried`: somebody has asked the cloud since, in vain.
    """

    grade: str
    gap_s: float
    silent_s: float
    is_stalled: bool
    is_tried: bool


def link_standing() -> LinkStanding:
    """How the link stands now. A kiosk that has never spoken has promised nothing yet."""
    terms, at, now_s = terms_here(), last_contact(), clock.timestamp()
    gap_s = promised_s(terms)
    silent_s = 0.0 if at is None else max(0.0, now_s - at)
    is_stalled = has_stalled(now_s=silent_s, moved_s=0.0, gap_s=gap_s)
    return LinkStanding(terms.grade, gap_s, silent_s, is_stalled, is_out_of_reach())
