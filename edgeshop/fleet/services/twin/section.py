"""The twin in a contact: the kiosk says by two hashes what it holds and what it reports, the cloud what is new.

Nothing to say costs those bytes. A report goes up when it is another one than was told last, and again when the cloud
does not know it.
"""

from typing import Any

from django.db import transaction

from edgeshop.fleet.models import HeldTwin, Twin
from edgeshop.fleet.services.health import look_hourly
from edgeshop.fleet.services.twin.applying import apply_wanted, held_twin
from edgeshop.fleet.services.twin.document import Held, answer_for, taken
from edgeshop.fleet.services.twin.reporting import report, report_hash
from edgeshop.fleet.services.twin.wanting import renew, twin_of
from edgeshop.kernel import clock

_REPORT_PARTS_MAX = 50


def ask_twin() -> list[Any]:
    """On the kiosk: the place it holds, its report's mark, and the report itself while that may be news.

    A list, for this goes up with every contact: version, eight bytes, four bytes, and seldom a map.
    """
    held = held_twin()
    was_time = look_hourly(held)
    said = report(held)
    known_as = report_hash(said)
    asked = [*_held(held).place, _mark(known_as)]
    is_news = held.told != known_as
    if is_news:
        asked.append(said)
        held.told = known_as  # if this gets lost, the cloud says so
    if was_time or is_news:
        held.save(update_fields=["health", "health_at", "told"])
    return asked


@transaction.atomic
def answer_twin(kiosk_id: int, asked: list[Any] | None) -> dict[str, Any] | None:
    """On the cloud: all of the desired document that the kiosk does not hold; None when it holds what is wanted."""
    if asked is None:
        return None
    version, held_hash, mark, *report_said = asked
    twin = twin_of(kiosk_id)
    _note(twin, int(version), report_said)
    told = answer_for(renew(twin, above=int(version)), [version, held_hash]) or {}
    if _mark(twin.reported_hash) != mark:
        told["report"] = True
    return told or None


def _mark(known_as: str) -> bytes:
    """Enough of a report's hash to see that it is another: at the worst a page is late by one report."""
    return bytes.fromhex(known_as)[:4]


def _note(twin: Twin, version: int, report_said: list[Any]) -> None:
    fields: dict[str, Any] = {}
    if twin.held_version != version:
        fields["held_version"] = version
    for said in filter(_is_report, report_said):
        fields |= {"reported": said, "reported_hash": report_hash(said), "reported_at": clock.now()}
        fields |= {"health": said["health"]}
    if fields:
        Twin.objects.filter(pk=twin.pk).update(**fields)
        for name, value in fields.items():
            setattr(twin, name, value)


def _is_report(said: Any) -> bool:
    """Whether that has a report's form: pages for people are made of it."""
    if not isinstance(said, dict) or set(said) != {"parts", "steps", "health"}:
        return False
    counts = said["health"].values()
    return len(said["parts"]) <= _REPORT_PARTS_MAX and all(type(count) is int and count >= 0 for count in counts)


def take_twin(told: dict[str, Any]) -> None:
    """On the kiosk: hold what is wanted from now on, then go towards it; tell the report again if asked to."""
    with transaction.atomic():
        row = held_twin()
        if told.get("report"):
            row.told = ""
        if "v" in told:
            held = taken(_held(row), told)
            row.version, row.targets = held.version, dict(held.targets)
        row.save(update_fields=["version", "targets", "told"])
    if "v" in told:
        apply_wanted()


def _held(row: HeldTwin) -> Held:
    return Held(row.version, row.targets)
