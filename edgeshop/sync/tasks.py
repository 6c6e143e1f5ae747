"""What the kiosk's worker runs for the exchange."""

from celery import shared_task

from edgeshop.sync.services.tick import tick


@shared_task(name="sync.tick")
def sync_tick() -> None:
    """Beat's tick; decides by itself whether a contact is due."""
    tick()


@shared_task(name="sync.now")
def sync_now() -> None:
    """Somebody is waiting: contact the cloud at once."""
    tick(force=True)
