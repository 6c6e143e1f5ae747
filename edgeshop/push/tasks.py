"""What the workers run for push."""

from celery import shared_task

from edgeshop.push.services import collect_notices, deliver_due


@shared_task(name="push.sweep")
def sweep() -> None:
    """Find what is worth telling and send what is due."""
    collect_notices()
    deliver_due()
