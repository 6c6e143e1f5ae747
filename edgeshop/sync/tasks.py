"""What workers run for the exchange: contacts on a kiosk, the nightly steering in the cloud."""

from celery import shared_task

from edgeshop.journal.services import verify_streams
from edgeshop.sync.services.steering import steer_all
from edgeshop.sync.services.tick import tick
from edgeshop.sync.services.turn import turn


@shared_task(name="sync.tick")
def sync_tick() -> None:
    """Beat's tick; decides by itself whether a contact is due."""
    tick()


@shared_task(name="sync.now")
def sync_now() -> None:
    """Somebody is waiting: contact the cloud at once."""
    tick(force=True)


@shared_task(name="sync.verify")
def sync_verify() -> None:
    """Look at the rows of streams that were not looked at for a day; the next contact mends what is wrong."""
    with turn(wait=True):
        verify_streams(only_due=True)


@shared_task(name="sync.steer")
def sync_steer() -> int:
    """Hand out the tables of the day; those who have theirs are left alone."""
    return steer_all()
