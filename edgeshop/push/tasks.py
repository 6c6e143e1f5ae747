"""What the workers run for push."""

from celery import shared_task

from edgeshop.push.services import collect_notices, forget_old_subjects, mail_receipts
from edgeshop.vault.services import subjects


@shared_task(name="push.sweep")
def sweep() -> None:
    """Find what is worth telling, send what is due, forget whom nothing is owed any more, and have keys ready."""
    from edgeshop.push.services.deliver import deliver_due  # noqa: PLC0415 -- half a second that nobody else need wait

    collect_notices()
    deliver_due()
    mail_receipts()
    forget_old_subjects()
    subjects.ready()
