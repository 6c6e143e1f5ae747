"""The ledger in a contact: totals of each day since the month began, told again whenever another hour is over.

Totals, not events: an answer that is lost doubles nothing, and of days that are over not a byte is said twice.
Shapes: by day (ISO 8601) a list of rows: stream by number or name, grade by number, bytes up, bytes down, cost.
"""

import hashlib
from datetime import date, timedelta
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

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
    told = {on: rows for on, rows in asked.items() if on != "currency"}
    if len(told) > _DAYS_MAX:
        raise InvalidInput("An egress ledger tells a month at a time.", days_max=_DAYS_MAX)
    for on, rows in told.items():
        _keep(kiosk_id, on, rows)
    account.mark, account.currency = mark, str(asked.get("currency", ""))[:3]
    account.spent_pct = report_for(kiosk_id, clock.now().date()).spent_pct
    account.save(update_fields=["mark", "currency", "spent_pct"])


def take_egress(_told: Any) -> None:
    """The cloud has nothing to say to it."""


def _keep(kiosk_id: int, said_on: str, rows: list[list[Any]]) -> None:
    try:
        on = date.fromisoformat(said_on)
        read = [_row(*row) for row in rows[:_ROWS_MAX]]
    except (ValueError, TypeError, LookupError) as odd:
        raise InvalidInput("This is no egress ledger.", day=str(said_on)[:20]) from odd
    for stream, grade, counts in read:
        here, is_new = DayEgress.objects.get_or_create(
            kiosk_id=kiosk_id, on=on, stream=stream, grade=grade, defaults=counts
        )
        if not is_new:
            DayEgress.objects.filter(pk=here.pk).update(**{n: Greatest(n, Value(count)) for n, count in counts.items()})


def _row(said: int | str, grade: int, up: Any, down: Any, cost: Any) -> tuple[str, str, dict[str, int]]:
    stream = EGRESS[said] if isinstance(said, int) else str(said)[:30]
    if not all(isinstance(count, int) and 0 <= count <= _COUNT_MAX for count in (up, down, cost)):
        raise ValueError("counts")
    return stream, GRADES[grade], {"up_bytes": up, "down_bytes": down, "cost_pico": cost}
