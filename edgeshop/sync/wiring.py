"""What sync itself adds to a contact: whose artefacts a kiosk may believe, told once; the repair of streams; what
traffic has cost and when contacts are worth it; and what may come at any age.

The answer to a contact is signed by the cloud's own key, which the kiosk has known since it was enrolled; so this is as
good as the enrolment itself. Whoever takes over the cloud later cannot change it: a new root needs people's keys.
"""

from typing import Any

from edgeshop.fleet.services import health, remarks
from edgeshop.fleet.services.verify import takes_late
from edgeshop.journal import contact
from edgeshop.sync.services import first, repair, scheduling
from edgeshop.sync.services.downloads import ask_bundles, take_bundles
from edgeshop.sync.services.egress import section as egress
from edgeshop.sync.services.wire import PATH, is_facts_only
from edgeshop.vault.services import artefacts


def register() -> None:
    """Called once, when the apps are ready."""
    takes_late(PATH, is_facts_only)
    contact.section("bundles", ask=ask_bundles, answer=lambda _kiosk_id, _asked: None, take=take_bundles)
    contact.section("artefacts", ask=_ask, answer=_answer, take=_take)
    contact.section("repair", ask=repair.ask_repair, answer=repair.answer_repair, take=repair.take_repair)
    health.health_source(repair.DIVERGED, lambda: health.tallied(repair.DIVERGED))
    remarks.remark_source(first.remark_on)
    contact.section("egress", ask=egress.ask_egress, answer=egress.answer_egress, take=egress.take_egress)
    contact.section(
        "schedule",
        ask=scheduling.ask_schedule,
        answer=scheduling.answer_schedule,
        take=scheduling.take_schedule,
    )


def _ask() -> dict[str, Any] | None:
    return None if artefacts.has_root(artefacts.trusted_home()) else {"root": None}


def _answer(_kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    from edgeshop.vault.services.artefacts.publishing import repository  # noqa: PLC0415 -- slow, and rarely asked for

    here = repository()
    return {"root": here.root()} if here.exists else None


def _take(told: dict[str, Any]) -> None:
    artefacts.trust(artefacts.trusted_home(), told["root"])
