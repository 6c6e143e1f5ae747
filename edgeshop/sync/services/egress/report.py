"""A month's traffic for people: by day against the cap's straight line, by stream, by grade, and its forecast."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from edgeshop.fleet.classes import ClassPolicy
from edgeshop.fleet.services.policies import policy_here, rules_of
from edgeshop.sync.models import DayEgress
from edgeshop.sync.services.egress.budget import cap_of
from edgeshop.sync.services.egress.ledger import days

_SEEN_DAYS = 7  # the forecast goes on as these did
_FREE = "A"
Row = tuple[date, str, str, int, int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """Bytes of one stream or grade, and what they cost in the ledger's unit."""

    name: str
    up_bytes: int
    down_bytes: int
    cost_pico: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day's own spending, and since the month began: real (None for days to come) and as planned."""

    on: date
    spent: float
    total: float | None
    planned: float


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month. Units: bytes, or the ledger's unit of `unit`, a currency. `cap` is 0 without one."""

    days: list[Day]
    by_stream: list[Line]
    by_grade: list[Line]
    cap: int
    unit: str
    spent: float
    forecast: float

    @property
    def spent_pct(self) -> float:
        """Of the cap; 0 without one."""
        return 100 * self.spent / self.cap if self.cap else 0.0


def report_for(kiosk_id: int, today: date) -> MonthReport:
    """On the cloud: a kiosk's present month, as it told it last."""
    rows = DayEgress.objects.filter(kiosk=kiosk_id, on__gte=today.replace(day=1), on__lte=today)
    found = rows.values_list("on", "stream", "grade", "up_bytes", "down_bytes", "cost_pico")
    return month_report(found, today, rules_of(kiosk_id))


def report_here(today: date) -> MonthReport:
    """On a kiosk: its own present month, up to this minute."""
    since, until = (datetime.combine(on, time(), UTC) for on in (today.replace(day=1), today + timedelta(days=1)))
    rows = [(date.fromisoformat(on), *row) for on, row in days(since=since, until=until)]
    return month_report(rows, today, policy_here())


def month_report(rows: Iterable[Row], today: date, rules: ClassPolicy | None) -> MonthReport:
    """The month of `today` from its rows. What moved on grade A is shown, and costs nothing."""
    kept = list(rows)
    cap, unit = cap_of(rules)
    spent: dict[date, float] = defaultdict(float)
    for on, _stream, grade, up, down, cost in kept:
        spent[on] += 0 if grade == _FREE else cost if unit else up + down
    return MonthReport(
        days=_days(spent, today, cap),
        by_stream=_lines((stream, up, down, cost) for _, stream, _, up, down, cost in kept),
        by_grade=_lines((grade, up, down, cost) for _, _, grade, up, down, cost in kept),
        cap=cap,
        unit=unit,
        spent=sum(spent.values()),
        forecast=_forecast(spent, today),
    )


def _days(spent: dict[date, float], today: date, cap: int) -> list[Day]:
    count, total, found = monthrange(today.year, today.month)[1], 0.0, []
    for number in range(1, count + 1):
        on = today.replace(day=number)
        total += spent[on]
        found.append(Day(on, spent[on], total if on <= today else None, cap * number / count))
    return found


def _forecast(spent: dict[date, float], today: date) -> float:
    """As the last full days were, or as today where there are none."""
    full = [spent[today - timedelta(days=back)] for back in range(1, min(_SEEN_DAYS, today.day - 1) + 1)]
    left = monthrange(today.year, today.month)[1] - today.day
    a_day = sum(full) / len(full) if full else spent[today]
    return sum(spent.values()) + max(0.0, a_day - spent[today]) + a_day * left


def _lines(parts: Iterable[tuple[str, int, int, int]]) -> list[Line]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, *counts in parts:
        sums[name] = [a + b for a, b in zip(sums[name], counts, strict=True)]
    lines = [Line(name, *counts) for name, counts in sums.items()]
    return sorted(lines, key=lambda line: (-line.up_bytes - line.down_bytes, line.name))
