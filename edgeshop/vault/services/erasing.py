"""Forgetting people for good: their keys overwritten, their rows and handles gone, and neither left on the disk.

SQLite zeroes what it frees (`secure_delete`, on in every connection of a node) and empties its write-ahead log; what a
flash chip keeps below the file system is the disk encryption's matter. On PostgreSQL old row versions go with VACUUM.
"""

import os
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction

from edgeshop.vault.fields import EncryptedTextField
from edgeshop.vault.models import Handle, Subject

_WRAPPED_BYTES = 40
_AT_ONCE = 500  # SQLite takes a limited number of parameters


def holders() -> Iterator[tuple[type[models.Model], str]]:
    """Every model that keeps personal data, with the name of its column that says whose."""
    for model in apps.get_models():
        subjects = {field.subject for field in model._meta.fields if isinstance(field, EncryptedTextField)}
        yield from ((model, subject) for subject in sorted(subjects))


def holdings(subject_ids: Sequence[uuid.UUID]) -> dict[str, int]:
    """How many rows of each table belong to these people; nothing is read but the number."""
    found = {m._meta.label: m._base_manager.filter(**{f"{s}__in": subject_ids}).count() for m, s in holders()}
    return {label: count for label, count in found.items() if count}


def destroy(subject_ids: Sequence[uuid.UUID], *, at: datetime) -> list[uuid.UUID]:
    """Make these people's data unreadable; answers whom there was anything left of. Safe to repeat.

    Effect: their wrapped keys overwritten with noise, their handles and rows deleted, five hundred to a transaction.
    """
    gone: list[uuid.UUID] = []
    for start in range(0, len(subject_ids), _AT_ONCE):
        gone += _destroy(subject_ids[start : start + _AT_ONCE], at)
    return gone


@transaction.atomic
def _destroy(subject_ids: Sequence[uuid.UUID], at: datetime) -> list[uuid.UUID]:
    left = list(Subject.objects.filter(pk__in=subject_ids, erased_at=None).values_list("pk", flat=True))
    for pk in left:
        Subject.objects.filter(pk=pk).update(wrapped=os.urandom(_WRAPPED_BYTES), erased_at=at)
    if left:
        Handle.objects.filter(subject__in=left).delete()
        for model, subject in holders():
            model._base_manager.filter(**{f"{subject}__in": left}).delete()
    return left


def scrub() -> bool:
    """Take what was overwritten off the disk too: empty SQLite's write-ahead log. Answers whether that went through;
    a long reader may be in its way, and then the next call or the next start does it."""
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, _, _ = cursor.fetchone()
    return not is_busy
