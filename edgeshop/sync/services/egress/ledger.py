"""On the kiosk: bytes and cost by hour, stream and grade. Rows of past days are folded into one for each day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncDate

from edgeshop.kernel import clock
from edgeshop.kernel.traffic import Moved, counted
from edgeshop.sync.models import Egress
from edgeshop.sync.services import grading
from edgeshop.sync.services.egress.account import Account
from edgeshop.sync.services.egress.tariff import pico_per_byte

_HOURLY_FOR = timedelta(days=2)
_KEPT_FOR = timedelta(days=400)  # a year and a month: this month can be laid beside last year's
Row = tuple[str, str, int, int, int]


def write(account: Account) -> None:
    """Add what a run has moved. Effect: one row per stream and grade of this hour; older days are folded."""
    moved = {key: flow for key, flow in account.flows.items() if flow.up_bytes or flow.down_bytes}
    if not moved:
        return
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    price = pico_per_byte()
    with transaction.atomic():
        if not Egress.objects.filter(hour=hour).exists():
            _fold(hour)
        for (stream, grade), flow in moved.items():
            is_free = grade == "A"
            cost = 0 if is_free else price * (flow.up_bytes + flow.down_bytes)
            _add(hour, (stream, grade, flow.up_bytes, flow.down_bytes, cost))


@contextmanager
def noted(stream: str) -> Iterator[Moved]:
    """Count what is moved inside as this stream's."""
    account, grade = Account(), grading.grade_here()
    with counted() as moved:
        try:
            yield moved
        finally:
            grading.note(moved)
            account.add(stream, grade, up=moved.up_bytes, down=moved.down_bytes)
            write(account)


def days(*, since: datetime, until: datetime) -> list[tuple[str, Row]]:
    """Totals by day (ISO 8601, UTC): stream, grade, bytes up, bytes down, cost. `until` is not included."""
    rows = (
        Egress.objects.filter(hour__gte=since, hour__lt=until)
        .annotate(on=TruncDate("hour"))
        .values_list("on", "stream", "grade")
        .annotate(Sum("up_bytes"), Sum("down_bytes"), Sum("cost_pico"))
        .order_by("on", "stream", "grade")
    )
    return [(on.isoformat(), (stream, grade, up, down, cost)) for on, stream, grade, up, down, cost in rows]


def _add(hour: datetime, row: Row) -> None:
    stream, grade, up, down, cost = row
    here = Egress.objects.filter(hour=hour, stream=stream, grade=grade)
    if not here.update(up_bytes=F("up_bytes") + up, down_bytes=F("down_bytes") + down, cost_pico=F("cost_pico") + cost):
        Egress.objects.create(hour=hour, stream=stream, grade=grade, up_bytes=up, down_bytes=down, cost_pico=cost)


def _fold(now: datetime) -> None:
    """One row per stream and grade for each day that is over for two days; nothing of what is too old."""
    Egress.objects.filter(hour__lt=now - _KEPT_FOR).delete()
    edge = (now - _HOURLY_FOR).replace(hour=0)
    hourly = Egress.objects.filter(hour__lt=edge).exclude(hour__hour=0)
    for day in sorted({row.hour.replace(hour=0) for row in hourly}):
        rows = days(since=day, until=day + timedelta(days=1))
        Egress.objects.filter(hour__gte=day, hour__lt=day + timedelta(days=1)).delete()
        for _, row in rows:
            _add(day, row)
