"""The audit log: who did what, when and where, as facts in the same hash chain as everything else that happened.

A kiosk's entries ride in its journal. The cloud has a journal of its own for them: device 0, which no kiosk can be.
"""

import logging
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from edgeshop.journal.errors import NoChain
from edgeshop.journal.models import AuditEntry, Chain, Record
from edgeshop.journal.registry import Outcome
from edgeshop.journal.services.facts import append, append_to
from edgeshop.kernel import clock
from edgeshop.kernel.facts import GENESIS, Fact, canonical
from edgeshop.kernel.ids import uuid7

log = logging.getLogger(__name__)
CLOUD = 0
_NAME_MAX = 150


class AuditKind(StrEnum):
    """What is worth an entry."""

    LOGIN = "audit.login.v1"
    LOGIN_FAILED = "audit.login_failed.v1"
    LOGOUT = "audit.logout.v1"
    PIN_SET = "audit.pin_set.v1"
    PIN_RESET = "audit.pin_reset.v1"
    SECOND_FACTOR_SET = "audit.second_factor_set.v1"
    SECOND_FACTOR_RESET = "audit.second_factor_reset.v1"
    APPROVED = "audit.approved.v1"
    REFUSED = "audit.refused.v1"
    REVIEW_DECIDED = "audit.review_decided.v1"
    BOOK_PUBLISHED = "audit.book_published.v1"
    CODE_MADE = "audit.code_made.v1"
    KIOSK_REVOKED = "audit.kiosk_revoked.v1"
    SEAT_ADMITTED = "audit.seat_admitted.v1"
    STAFF_CHANGED = "audit.staff_changed.v1"
    SETTING_CHANGED = "audit.setting_changed.v1"


def audit(kind: AuditKind, *, by: str, **about: Any) -> None:
    """Write down what a member of staff did. `by` is a username, or empty when nobody knows who it was.

    `about` holds ids, numbers and words of ours: never a shopper, never a secret, nothing that somebody typed.
    Effect: one fact and one entry, in the caller's transaction if there is one. A box that is no kiosk yet has no
    journal: there it only goes to the log.
    """
    body = {"id": str(uuid7()), "by": by[:_NAME_MAX], "at": int(clock.timestamp()), "about": about}
    try:
        with transaction.atomic():
            _enter(_append_in_cloud(kind, body) if settings.EDGESHOP.is_ledger else append(kind, body), body)
    except NoChain:
        log.warning("no journal yet for %s by %s", kind, by)


def _append_in_cloud(kind: AuditKind, body: dict[str, Any]) -> Fact:
    """The cloud's own journal has no outbox: what is written is where it belongs."""
    fact = append_to(_cloud_chain(), kind, canonical({**body, "kind": kind}))
    Chain.objects.filter(device_id=CLOUD, epoch=fact.epoch).update(acked_seq=fact.seq)
    return fact


def _cloud_chain() -> Chain:
    known = Chain.objects.select_for_update().filter(device_id=CLOUD).order_by("-epoch").first()
    return known or _open_cloud_chain(1)


def _open_cloud_chain(epoch: int) -> Chain:
    Chain.objects.get_or_create(device_id=CLOUD, epoch=epoch, defaults={"head": GENESIS})
    return Chain.objects.select_for_update().get(device_id=CLOUD, epoch=epoch)


@transaction.atomic
def begin_cloud_epoch() -> int:
    """After the cloud was restored: go on in a new journal, for the old one is shorter than its heads say.

    Answers the epoch.
    """
    last = Chain.objects.filter(device_id=CLOUD).aggregate(n=Max("epoch"))["n"] or 0
    return _open_cloud_chain(last + 1).epoch


def take_audit(fact: Fact, body: dict[str, Any]) -> Outcome:
    """On the cloud: list a kiosk's audit fact. Safe to repeat, also under another epoch."""
    _enter(fact, body)
    return Outcome()


def _enter(fact: Fact, body: dict[str, Any]) -> None:
    AuditEntry.objects.get_or_create(
        pk=uuid.UUID(body["id"]),
        defaults={
            "record": Record.objects.get(device_id=fact.device_id, epoch=fact.epoch, seq=fact.seq),
            "kind": fact.kind,
            "by": body["by"][:_NAME_MAX],
            "at": datetime.fromtimestamp(body["at"], UTC),
        },
    )
