"""On a kiosk: whether a contact is worth it now, by the table that counts here, and how long silence may last."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.conf import settings

from edgeshop.fleet.queries import this_shop
from edgeshop.fleet.services.policies import policy_here
from edgeshop.kernel import clock
from edgeshop.sync.errors import TableMalformed
from edgeshop.sync.grades import Grade
from edgeshop.sync.models import HeldTable
from edgeshop.sync.schedule import Table, decide
from edgeshop.sync.schedule.workload import SLOTS
from edgeshop.sync.services.egress.budget import budget_here
from edgeshop.sync.services.grading import Terms, terms_here
from edgeshop.sync.services.promises import gap_in, mark_of, read_table, slot_of, table_of

_SLOT_S = 24 * 3600 // SLOTS
_DAY_S = 24 * 3600.0  # whatever it costs, a kiosk hears once a day whom not to trust
_SPENT_GAP_S = 4 * 3600.0


def is_time_for_news(last_s: float) -> bool:
    """Whether to make contact although nothing waits. Units: `last_s`, the last contact in unix seconds."""
    age_s = abs(clock.timestamp() - last_s)
    if age_s < settings.EDGESHOP.sync.idle_contact_s:
        return False
    terms, table = terms_here(), table_here()
    if terms.is_spent or table is None:
        return age_s >= promised_s(terms)
    return age_s >= _DAY_S or _decides(table, terms, last_s)


def promised_s(terms: Terms) -> float:
    """The longest time between two contacts that are due; news wait for the day's bucket when it is empty.

    Units: seconds.
    """
    least = float(settings.EDGESHOP.sync.idle_contact_s)
    if terms.is_spent:
        return max(least, _SPENT_GAP_S)
    held = _held()
    if held is None or table_here() is None:
        return max(least, terms.gap_s)
    budget = budget_here(policy_here())
    return _DAY_S if budget.bucket < budget.entry else max(least, gap_in(bytes(held.table), terms.grade))


def table_here() -> Table | None:
    """The table that counts here; None before the first one came, and where it cannot be read."""
    held = _held()
    try:
        return read_table(bytes(held.table)) if held else None
    except TableMalformed:
        return None


def ask_schedule() -> bytes:
    """On the kiosk: four bytes of the table in hand, none without one."""
    held = _held()
    return mark_of(bytes(held.table)) if held else b""


def answer_schedule(kiosk_id: int, asked: bytes | None) -> dict[str, Any] | None:
    """On the cloud: the table that the kiosk should go by, when it has another; empty for none."""
    if asked is None:
        return None
    priced = table_of(kiosk_id)
    data = bytes(priced.table) if priced else b""
    return None if asked == (mark_of(data) if data else b"") else {"table": data}


def take_schedule(told: dict[str, Any]) -> None:
    """On the kiosk: go by this table from now on. Raises: TableMalformed; then the one in use stays."""
    data = bytes(told["table"])
    if data:
        read_table(data)
        HeldTable.objects.update_or_create(pk=1, defaults={"table": data, "taken_at": clock.now()})
    else:
        HeldTable.objects.all().delete()


def _held() -> HeldTable | None:
    return HeldTable.objects.filter(pk=1).first()


def _decides(table: Table, terms: Terms, last_s: float) -> bool:
    """One decision a slot: with what the table's rates expect since the last contact, as in the simulator."""
    elapsed = int(clock.timestamp() // _SLOT_S) - int(last_s // _SLOT_S)
    if elapsed < 1:
        return False
    budget = budget_here(policy_here())
    none = np.zeros(len(table.streams))
    said = decide(
        table,
        slot=slot_of(datetime.fromtimestamp(clock.timestamp(), UTC), this_shop().timezone),
        known=none,
        elapsed=np.full(len(table.streams), elapsed),
        grade=Grade[terms.grade],
        bucket=budget.bucket,
        contact_price=budget.entry,
    )
    return bool(said.contact)
