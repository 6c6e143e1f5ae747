"""When to make contact, and for what: tables solved in the cloud, one decision on every node, a month under its cap."""

from edgeshop.sync.schedule.bucket import day_fees, from_bucket, from_pool, share_out
from edgeshop.sync.schedule.decide import Decision, decide
from edgeshop.sync.schedule.plan import Plan, solve
from edgeshop.sync.schedule.steering import Mix, Steering
from edgeshop.sync.schedule.table import Table
from edgeshop.sync.schedule.watchdog import has_stalled, promised_gap_s

__all__ = [
    "Decision",
    "Mix",
    "Plan",
    "Steering",
    "Table",
    "day_fees",
    "decide",
    "from_bucket",
    "from_pool",
    "has_stalled",
    "promised_gap_s",
    "share_out",
    "solve",
]
