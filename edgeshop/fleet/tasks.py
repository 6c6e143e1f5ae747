"""What the cloud's workers run for the fleet."""

from celery import shared_task

from edgeshop.fleet.services import rotate_when_old
from edgeshop.kernel import clock


@shared_task(name="fleet.rotate_issuers")
def rotate_issuers() -> bool:
    """Begin a rotation of the issuer key when the one in use has served its time."""
    return rotate_when_old(at=clock.now())
