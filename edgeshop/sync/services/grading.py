"""How good the link is now, and what a contact may carry on a link so good.

The operator says what the line costs; what it can do is measured at contacts and downloads that happen anyway.
"""

from collections import deque
from dataclasses import dataclass

from django.conf import settings

from edgeshop.fleet.classes import STREAMS as RULED
from edgeshop.fleet.classes import ClassPolicy
from edgeshop.fleet.services.policies import policy_here
from edgeshop.kernel.traffic import Moved
from edgeshop.sync.services.egress.budget import budget_here

UNMETERED, METERED, ROAMING = "unmetered", "metered", "roaming"
_WIDE_BIT_S, _NARROW_BIT_S = 1e6, 256e3
_FAR_S = 1.0  # a way there and back that long makes every request dear in time, however wide the line
_RECENT = 8
_waits_s: deque[float] = deque(maxlen=_RECENT)
_rates_bit_s: deque[float] = deque(maxlen=_RECENT)


@dataclass(frozen=True, slots=True)
class Terms:
    """What one contact carries. `streams` is None for all of them; `gap_s` how long it may be quiet, 0 as set.

    `is_spent`: the month's money is gone; facts go on, and what the law and the right to sell need.
    """

    grade: str
    batch_facts: int
    page_rows: int
    streams: frozenset[str] | None = None
    files: str = "all"
    gap_s: int = 0
    is_spent: bool = False

    def carries(self, stream: str) -> bool:
        """Whether this stream of changes travels; one that rules have no word for does."""
        return self.streams is None or stream in self.streams or stream not in RULED

    @property
    def takes_artefacts(self) -> bool:
        """Whether signed artefacts are fetched: whole files at first, then deltas."""
        return self.files != "none" and not self.is_spent

    @property
    def takes_pictures(self) -> bool:
        """Whether pictures are fetched."""
        return self.files == "all" and not self.is_spent


def note(moved: Moved) -> None:
    """Remember what an exchange said about the link."""
    _waits_s.extend(moved.waits_s)
    _rates_bit_s.extend(moved.rates_bit_s)


def forget() -> None:
    """The link may be another one."""
    _waits_s.clear()
    _rates_bit_s.clear()


def grade_for(*, tariff: str, rate_bit_s: float | None, wait_s: float | None, is_spent: bool) -> str:
    """The grade of a link. None is not known yet: a link is believed to be wide until it shows otherwise."""
    if is_spent or tariff == ROAMING or (rate_bit_s is not None and rate_bit_s < _NARROW_BIT_S):
        return "D"
    if tariff == UNMETERED:
        return "A"
    is_slow = (rate_bit_s is not None and rate_bit_s < _WIDE_BIT_S) or (wait_s is not None and wait_s > _FAR_S)
    return "C" if is_slow else "B"


def terms_of(rules: ClassPolicy | None, grade: str, *, is_spent: bool = False) -> Terms:
    """What the rules of a class allow on a grade; without rules what the settings say."""
    knobs = settings.EDGESHOP.sync
    if rules is None:
        return Terms(grade, knobs.batch_facts_max, knobs.page_rows_max, is_spent=is_spent)
    said = rules.cadence.of(grade)
    rows = said.page_rows or knobs.page_rows_max
    return Terms(grade, said.batch_facts, rows, frozenset(said.streams), said.files, said.gap_s, is_spent)


def terms_here() -> Terms:
    """On the kiosk: what the next contact may carry."""
    rules = policy_here()
    is_spent = budget_here(rules).is_spent
    return terms_of(rules, _grade(is_spent=is_spent), is_spent=is_spent)


def grade_here() -> str:
    """On the kiosk: the grade as it is now."""
    return _grade(is_spent=budget_here(policy_here()).is_spent)


def _grade(*, is_spent: bool) -> str:
    rate = sorted(_rates_bit_s)[len(_rates_bit_s) // 2] if _rates_bit_s else None
    wait = min(_waits_s, default=None)
    return grade_for(tariff=settings.EDGESHOP.sync.tariff, rate_bit_s=rate, wait_s=wait, is_spent=is_spent)
