"""What the cloud's worker runs for the journal."""

from celery import shared_task

from edgeshop.journal.services import apply_readable, sequence


@shared_task(name="journal.sequence")
def number_changes() -> None:
    """Number what was committed, so that contacts need not wait for it; apply what an upgrade has made readable."""
    sequence()
    apply_readable()
