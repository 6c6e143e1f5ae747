"""What a kiosk says of itself: how far each component is, the last steps, what failed, and its health."""

from typing import Any

from edgeshop.fleet.models import ApplyStep, HeldTwin
from edgeshop.fleet.services.twin.document import document_hash
from edgeshop.fleet.services.twin.progress import Progress, hash_of
from edgeshop.fleet.services.twin.rows import all_progress

_STEPS_TOLD = 12  # per component: a life of a target, and how the one before ended


def report(held: HeldTwin) -> dict[str, Any]:
    """The whole report. It changes when something has moved, and with the health once an hour."""
    rows = all_progress()
    return {
        "parts": {row.component: _part(row) for row in rows},
        "steps": {row.component: _steps(row.component) for row in rows},
        "health": held.health,
    }


def _part(row: Progress) -> dict[str, Any]:
    return {
        "state": str(row.state),
        "hash": row.hash,
        "version": (row.target or {}).get("version", 0),
        "runs": hash_of(row.committed) if row.committed else "",
        "runs_version": (row.committed or {}).get("version", 0),
        "failures": row.failures,
        "problem": row.problem,
        "at": int(row.at_s),
        "retry_at": int(row.retry_at_s),
        "rejected": [list(pair) for pair in row.rejected],
    }


def _steps(component: str) -> list[list[Any]]:
    """Oldest first: version, hash, state, unix seconds, problem."""
    last = ApplyStep.objects.filter(component=component)[:_STEPS_TOLD]
    return [[s.version, s.target_hash, s.state, int(s.at.timestamp()), s.problem] for s in reversed(last)]


def report_hash(said: dict[str, Any]) -> str:
    """What a report is known by."""
    return document_hash(said).hex()
