"""The apply machine's rows in the kiosk's database, and the steps that people read."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from edgeshop.fleet.models import Applied, ApplyStep
from edgeshop.fleet.services.twin.progress import Progress, State

STEPS_MAX = 60  # per component


def progress_of(component: str) -> Progress:
    """How far this kiosk is with a component."""
    row = Applied.objects.filter(pk=component).values().first()
    return _read(dict(row)) if row else Progress(component)


def all_progress() -> list[Progress]:
    """Of every component that anything was ever wanted of."""
    return [_read(dict(row)) for row in Applied.objects.order_by("component").values()]


def _read(row: dict[str, Any]) -> Progress:
    rejected = tuple((known, why) for known, why in row.pop("rejected"))
    return Progress(**row | {"state": State(row["state"]), "rejected": rejected})


@transaction.atomic
def keep(row: Progress) -> None:
    """Make a row durable; where it is somewhere new, a step for people is written with it."""
    before = Applied.objects.filter(pk=row.component).values("state", "problem", "target").first()
    values = asdict(row) | {"rejected": [list(pair) for pair in row.rejected]}
    values.pop("component")
    Applied.objects.update_or_create(pk=row.component, defaults=values)
    if before != {"state": row.state, "problem": row.problem, "target": row.target}:
        _note(row)


def _note(row: Progress) -> None:
    ApplyStep.objects.create(
        component=row.component,
        target_hash=row.hash,
        version=int((row.target or {}).get("version", 0)),
        state=row.state,
        at=datetime.fromtimestamp(row.at_s, UTC),
        problem=row.problem,
    )
    old = ApplyStep.objects.filter(component=row.component).values_list("pk", flat=True)[STEPS_MAX : STEPS_MAX + 50]
    ApplyStep.objects.filter(pk__in=list(old)).delete()
