"""The hard stop on a kiosk: what is left of the month, in a bucket for contacts of the day and a pool for large files.

The month's cap comes from the rules of the class. Each midnight the bucket gets what contacts in every slot of the day
cost, and the pool the rest, by the same function that the fleet's simulator uses. Traffic on grade A is free.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Q, QuerySet, Sum

from edgeshop.fleet.classes import ClassPolicy
from edgeshop.kernel import clock
from edgeshop.sync.models import Egress
from edgeshop.sync.schedule.bucket import ENTRY, day_fees, share_out
from edgeshop.sync.schedule.workload import SLOTS
from edgeshop.sync.services.egress.tariff import amount, currency, pico, pico_per_byte

LARGE = ("bundles", "artefacts", "pictures", "models", "vectors", "catalogue")
CONTACT_BYTES = 1500  # one contact with its small payloads, both ways: docs/sync.md, what a contact costs


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left. Units: all of one kind, bytes or money; infinite without a cap."""

    cap: float = np.inf
    spent: float = 0.0
    bucket: float = np.inf
    pool: float = np.inf
    fee: float = 0.0

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left for anything that can wait."""
        return self.spent >= self.cap

    @property
    def pool_bytes(self) -> float:
        """How many bytes of large files the pool still pays for."""
        return self.pool * CONTACT_BYTES / self.fee if self.fee else np.inf

    @property
    def entry(self) -> float:
        """What the bucket must hold before a contact is made."""
        return ENTRY * self.fee


def cap_of(rules: ClassPolicy | None) -> tuple[int, str]:
    """The month's cap: bytes and "", or picos and a currency; (0, "") without one."""
    if rules is None:
        return 0, ""
    found = amount(rules.cadence.month_money)
    return (pico(found[0]), found[1]) if found else (rules.cadence.month_bytes, "")


def budget_here(rules: ClassPolicy | None) -> Budget:
    """What is left here and now. A cap in money needs a tariff in its currency; without that there is no cap."""
    cap, unit = cap_of(rules)
    if not cap or unit != (currency() if unit else ""):
        return Budget()
    price = pico_per_byte() if unit else 1
    if not price:
        return Budget()
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    before, small, large = _spent(midnight, "cost_pico" if unit else "")
    return left_of(cap, before=before, small=small, large=large, fee=price * CONTACT_BYTES)


def left_of(cap: float, *, before: float, small: float, large: float, fee: float) -> Budget:
    """Bucket and pool after a day's spending. `before` is what was spent of the month until midnight."""
    fees = day_fees(np.full((1, SLOTS), fee), 1.0)
    buckets, _pool = share_out(cap - before, fees)
    left = max(0.0, cap - before - small - large)
    bucket = min(max(0.0, float(buckets[0]) - small), left)
    return Budget(cap, before + small + large, bucket, left - bucket, fee)  # who overdraws one draws on the other


def _spent(midnight: datetime, column: str) -> tuple[float, float, float]:
    """Before midnight, and since for small and large payloads."""
    month = Egress.objects.filter(hour__gte=midnight.replace(day=1), hour__lt=midnight + timedelta(days=1))
    paid = month.exclude(grade="A")
    is_today, is_large = Q(hour__gte=midnight), Q(stream__in=LARGE)
    parts = (~is_today, is_today & ~is_large, is_today & is_large)
    before, small, large = (_total(paid.filter(part), column) for part in parts)
    return before, small, large


def _total(rows: QuerySet[Egress], column: str) -> float:
    what = Sum(column) if column else Sum("up_bytes") + Sum("down_bytes")
    return float(rows.aggregate(total=what)["total"] or 0)
