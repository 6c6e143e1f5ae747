"""The ledger in a contact: totals of each day since the month began, told again whenever another hour is over.

Totals, not events: an answer that is lost doubles nothing, and of days that are over not a byte is said twice.
Shapes: by day (ISO 8601) a list of rows: stream by number or name, grade by number, bytes up, bytes down, cost.
"""

import hashlib
from datetime import date, timedelta
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types
from django.db import transaction

from edgeshop.fleet.classes import GRADES
from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.sync.models import DayEgress, LinkAccount
from edgeshop.sync.services.egress.ledger import days
from edgeshop.sync.services.egress.report import report_for
from edgeshop.sync.services.egress.tariff import currency
from edgeshop.sync.services.names import EGRESS

_DAYS_AGAIN = 7  # of the month before: a kiosk may be alone when a month ends
_DAYS_MAX, _ROWS_MAX, _COUNT_MAX = 40, 200, 2**62
_KEY, _COUNTS = ("kiosk", "on", "stream", "grade"), ("up_bytes", "down_bytes", "cost_pico")
Counts = tuple[int, ...]
Days = dict[tuple[date, str, str], Counts]


def ask_egress() -> dict[str, Any] | None:
    """On the kiosk: what was counted until the last full hour; None before there is anything."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    midnight = hour.replace(hour=0)
    since = min(midnight.replace(day=1), midnight - timedelta(days=_DAYS_AGAIN))
    said: dict[str, Any] = {}
    for on, (stream, grade, *counts) in days(since=since, until=hour):
        named = EGRESS.index(stream) if stream in EGRESS else stream
        said.setdefault(on, []).append([named, GRADES.index(grade), *counts])
    return said | {"currency": currency()} if said else None


@transaction.atomic
def answer_egress(kiosk_id: int, asked: dict[str, Any] | None) -> None:
    """On the cloud: keep each day as it is told; a count never falls. Raises: InvalidInput.

    Effect: rows of DayEgress, when anything is new. Nothing is answered: the words of a contact are acknowledged.
    """
    if not asked:
        return
    mark = hashlib.sha256(msgpack.packb(asked)).digest()[:8]
    account, _ = LinkAccount.objects.get_or_create(pk=kiosk_id)
    if bytes(account.mark) == mark:
        return
    _keep(kiosk_id, _read({on: rows for on, rows in asked.items() if on != "currency"}))
    account.mark, account.currency = mark, str(asked.get("currency", ""))[:3]
    account.spent_pct = report_for(kiosk_id, clock.now().date()).spent_pct
    account.save(update_fields=["mark", "currency", "spent_pct"])


def take_egress(_told: Any) -> None:
    """The cloud has nothing to say to it."""


def _keep(kiosk_id: int, told: Days) -> None:
    """Write what is new or larger than what is kept, and nothing else.

    Of two contacts at once the second waits for the first: what it compares with has not moved when it writes.
    """
    LinkAccount.objects.select_for_update().get(pk=kiosk_id)
    kept = _kept(kiosk_id, {on for on, _, _ in told})
    larger = {key: most for key, counts in told.items() if (most := _most(counts, kept.get(key))) != kept.get(key)}
    DayEgress.objects.bulk_create(
        (_row(kiosk_id, *key, counts) for key, counts in larger.items()),
        update_conflicts=True,
        unique_fields=_KEY,
        update_fields=_COUNTS,
    )


def _kept(kiosk_id: int, days_told: set[date]) -> Days:
    rows = DayEgress.objects.filter(kiosk=kiosk_id, on__in=days_told).values_list(*_KEY[1:], *_COUNTS)
    return {(on, stream, grade): (*counts,) for on, stream, grade, *counts in rows}


def _row(kiosk_id: int, on: date, stream: str, grade: str, counts: Counts) -> DayEgress:
    return DayEgress(kiosk_id=kiosk_id, on=on, stream=stream, grade=grade, **dict(zip(_COUNTS, counts, strict=True)))


def _most(counts: Counts, others: Counts | None) -> Counts:
    """The greater of each two counts."""
    return counts if others is None else tuple(map(max, counts, others))


def _read(told: dict[str, list[list[Any]]]) -> Days:
    """Days as they are told; of a row that is told twice the most. Raises: InvalidInput."""
    if len(told) > _DAYS_MAX:
        raise InvalidInput("An egress ledger tells a month at a time.", days_max=_DAYS_MAX)
    read: Days = {}
    for on, rows in told.items():
        for key, counts in _read_day(on, rows):
            read[key] = _most(counts, read.get(key))
    return read


def _read_day(said_on: str, rows: list[list[Any]]) -> list[tuple[tuple[date, str, str], Counts]]:
    try:
        on = date.fromisoformat(said_on)
        return [((on, *_named(stream, grade)), _counted(*counts)) for stream, grade, *counts in rows[:_ROWS_MAX]]
    except (ValueError, TypeError, LookupError) as odd:
        raise InvalidInput("This is no egress ledger.", day=str(said_on)[:20]) from odd


def _named(stream: int | str, grade: int) -> tuple[str, str]:
    return EGRESS[stream] if isinstance(stream, int) else str(stream)[:30], GRADES[grade]


def _counted(up: Any, down: Any, cost: Any) -> Counts:
    if not all(isinstance(count, int) and 0 <= count <= _COUNT_MAX for count in (up, down, cost)):
        raise ValueError("counts")
    return up, down, cost
