"""Applying a kept fact through the handler its app has registered, or parking it where a person finds it."""

import json
import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from edgeshop.journal.errors import FactEarly
from edgeshop.journal.models import Quarantine, Record
from edgeshop.journal.registry import SETTLED, Outcome, handler_of, known_kinds
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.facts import Fact

log = logging.getLogger(__name__)
KIND_UNKNOWN = "journal.kind_unknown"  # waits for a release that can read it, not for a person
_BATCH_MAX = 500


def apply(record: Record, fact: Fact) -> Outcome:
    """What becomes of a fact that has just been kept: applied, kept for a later release, or quarantined.

    Raises: OperationalError, InterfaceError: a database in trouble says nothing about the fact, which comes again.
    """
    handler = handler_of(fact.kind)
    if handler is None:
        park(record, KIND_UNKNOWN, f"This release does not know {fact.kind}.")
        return Outcome("kept")
    try:
        with transaction.atomic():
            return handler(fact, json.loads(fact.body))
    except EdgeShopError as error:
        return park(record, error.code, error.message)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("fact %s could not be applied", record)
        return park(record, "journal.apply_failed", repr(error))


def park(record: Record, code: str, message: str) -> Outcome:
    """Put a fact into quarantine, where it stays until it could be applied or a person has closed it."""
    Quarantine.objects.update_or_create(
        record=record, defaults={"code": code, "message": message[:2000], "opened_at": clock.now()}
    )
    return Outcome("quarantined", [code])


@transaction.atomic
def apply_again(quarantine_id: int) -> Outcome:
    """Try a parked fact once more, after an upgrade or when a person says so; closed when it goes through.

    Effect: its device, which was told that it did not, learns by its streams or when it tells the fact again.
    """
    parked = Quarantine.objects.select_for_update().select_related("record").get(pk=quarantine_id)
    outcome = apply(parked.record, _late(parked.record))
    if outcome.status in {SETTLED, "review"}:
        Quarantine.objects.filter(pk=quarantine_id).update(closed_at=clock.now())
        note_outcome(parked.record, outcome)
    return outcome


def note_outcome(record: Record, outcome: Outcome) -> None:
    """Keep what became of a fact, for whoever tells it again; that it was settled is the empty word."""
    said = "" if outcome.status == SETTLED else outcome.status
    if record.outcome != said:
        Record.objects.filter(pk=record.pk).update(outcome=said)


def _late(record: Record) -> Fact:
    body, chain = bytes(record.body), bytes(record.chain)
    return Fact(record.device_id, record.epoch, record.seq, record.kind, body, chain, is_late=True)


def apply_readable() -> int:
    """Apply facts that waited for a release that knows their kind; answers how many were tried."""
    return _apply_waiting(Q(code=KIND_UNKNOWN, record__kind__in=known_kinds()))


def apply_early(device_id: int) -> int:
    """Apply a device's facts that came before the ones they speak of, as far as those are here by now: a disk put back
    sends again what its cloud has lost, after what it had not sent yet. Answers how many were tried."""
    return _apply_waiting(Q(code=FactEarly.code, record__device_id=device_id))


def _apply_waiting(which: Q) -> int:
    """Those first that were tried longest ago, so that many which cannot be applied hold up no other."""
    waiting = Quarantine.objects.filter(which, closed_at=None).order_by("opened_at", "record_id")
    ids = list(waiting.values_list("pk", flat=True)[:_BATCH_MAX])
    for quarantine_id in ids:
        apply_again(quarantine_id)
    return len(ids)
