"""People as this node knows them: each by one handle, which is kept as a blind index only."""

import uuid

from django.db import transaction

from edgeshop.vault.models import Handle
from edgeshop.vault.services.blind_index import blind_index
from edgeshop.vault.services.subject_keys import new_subject, ready_month


def ready() -> None:
    """Make this month's key and the index key before anybody needs them, outside any transaction: a chip may take
    seconds for it, and no sale should wait. Raises: KeystoreLocked."""
    ready_month()
    blind_index("email", "")


def find_subject(kind: str, value: str) -> uuid.UUID | None:
    """Who is known by this `email`, `phone` or `endpoint` here. Raises: InvalidInput."""
    known = Handle.objects.filter(kind=kind, index=blind_index(kind, value))
    return known.values_list("subject_id", flat=True).first()


@transaction.atomic
def subject_for(kind: str, value: str) -> uuid.UUID:
    """Who is known by this here, made known now if nobody is. Raises: InvalidInput.

    Effect: for somebody new a Subject with a key of their own and its Handle. Who was erased comes back as a stranger.
    """
    known = find_subject(kind, value)
    if known is not None:
        return known
    subject = new_subject()
    Handle.objects.create(kind=kind, index=blind_index(kind, value), subject=subject)
    return subject.pk
