"""What workers run for the fleet: issuer keys and rollouts in the cloud; a day's close and the twin on a kiosk."""

from celery import shared_task
from django.conf import settings

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import rotate_when_old
from edgeshop.fleet.services.audit_heads import close_day
from edgeshop.fleet.services.rollouts.judging import judge_all
from edgeshop.fleet.services.twin.applying import apply_wanted
from edgeshop.kernel import clock


@shared_task(name="fleet.rotate_issuers")
def rotate_issuers() -> bool:
    """Begin a rotation of the issuer key when the one in use has served its time."""
    return rotate_when_old(at=clock.now())


@shared_task(name="fleet.close_day")
def close_business_day() -> None:
    """Sign where the journal stood when a business day was over. A box that is no kiosk yet has nothing to close."""
    if not settings.EDGESHOP.is_ledger and Kiosk.objects.filter(is_self=True).exists():
        close_day(at=clock.now())


@shared_task(name="fleet.apply_wanted")
def go_on_applying() -> None:
    """A turn of the apply machine: what waited, or failed a while ago, goes on."""
    if not settings.EDGESHOP.is_ledger and Kiosk.objects.filter(is_self=True).exists():
        apply_wanted()


@shared_task(name="fleet.judge_rollouts")
def look_at_rollouts() -> int:
    """Look at running rollouts: promote what does no harm, halt what does; answers how many were looked at."""
    return len(judge_all())
