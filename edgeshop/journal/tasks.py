"""What the cloud's worker runs for the journal."""

from celery import shared_task

from edgeshop.journal.services import apply_readable, forget_old_changes, sequence


@shared_task(name="journal.sequence")
def number_changes() -> None:
    """Number what was committed, so that contacts need not wait for it; apply what an upgrade has made readable."""
    sequence()
    apply_readable()


@shared_task(name="journal.compact")
def forget_changes() -> int:
    """Delete marks of changes that newer ones make needless."""
    return forget_old_changes()
