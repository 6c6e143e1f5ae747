"""Erasing people so that it lasts: on the list beside the database first, then in it, then told to the cloud.

The cloud keeps the random ids alone, in the journal of the box that erased them, and gives them back to a new disk that
has lost the list: a copy from before may be restored there.
"""

import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from edgeshop.journal.models import Chain, Record
from edgeshop.journal.registry import Outcome
from edgeshop.journal.services import append
from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.facts import Fact
from edgeshop.vault.services import tombstones
from edgeshop.vault.services.erasing import destroy, scrub

log = logging.getLogger(__name__)
ERASED = "vault.subject_erased.v1"
_TOLD_MAX = 100_000  # ids of 16 bytes to one new disk


@dataclass(frozen=True, slots=True)
class Erased:
    """How many people were erased, and whether nothing of their keys is left on the disk: if not, run it again."""

    count: int
    is_off_the_disk: bool


def erase_subjects(subject_ids: Sequence[uuid.UUID]) -> Erased:
    """Make these people's data unreadable, here and in every copy that is restored here. Safe to repeat.

    Effect: the list of the erased, the keys, handles and rows, and a fact for each; killed in between, the next start
    does the rest.
    """
    tombstones.add(set(subject_ids) - tombstones.erased())
    return Erased(_destroy_and_tell(subject_ids), scrub())


def replay_erasures() -> int:
    """Before anybody is let in: erase again whom an older copy of the database has brought back; answers how many."""
    there = tombstones.erased()
    if not there:
        return 0
    count = _destroy_and_tell(sorted(there))
    if count:
        log.warning("%s people who were erased were in this database again and are erased again", count)
        scrub()
    return count


@transaction.atomic
def _destroy_and_tell(subject_ids: Sequence[uuid.UUID]) -> int:
    gone = destroy(subject_ids, at=clock.now())
    if not settings.EDGESHOP.is_ledger and Chain.objects.filter(is_own=True).exists():
        for subject_id in gone:
            append(ERASED, {"subject": str(subject_id)})
    return len(gone)


def take_erased(_fact: Fact, body: dict[str, Any]) -> Outcome:
    """On the cloud: the fact itself is what is kept. Raises: InvalidInput for anything but an id."""
    if _id_in(body) is None:
        raise InvalidInput("Erasing is told by a subject's id.")
    return Outcome()


def _id_in(body: dict[str, Any]) -> uuid.UUID | None:
    try:
        return uuid.UUID(body["subject"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def ask_erasures() -> dict[str, Any] | None:
    """On the kiosk: a disk without a list asks for it, once."""
    return None if tombstones.exists() else {"want": True}


def answer_erasures(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """On the cloud: whom this kiosk has erased, newest first if they are very many."""
    if asked is None:
        return None
    kept = Record.objects.filter(device_id=kiosk_id, kind=ERASED)
    told = kept.order_by("-pk").values_list("body", flat=True)[:_TOLD_MAX]
    ids = {_id_in(json.loads(bytes(body))) for body in told}  # of boxes that are not believed any more, too
    return {"erased": sorted(subject_id.bytes for subject_id in ids if subject_id)}


def take_erasures(told: dict[str, Any]) -> None:
    """On the kiosk: begin the list, and erase whoever of it is still here."""
    tombstones.add({uuid.UUID(bytes=raw) for raw in told["erased"]} - tombstones.erased())
    replay_erasures()
