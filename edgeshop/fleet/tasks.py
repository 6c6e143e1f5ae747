"""What a kiosk's worker runs for the fleet."""

from celery import shared_task
from django.conf import settings

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services.audit_heads import close_day
from edgeshop.kernel import clock


@shared_task(name="fleet.close_day")
def close_business_day() -> None:
    """Sign where the journal stood when a business day was over. A box that is no kiosk yet has nothing to close."""
    if not settings.EDGESHOP.is_ledger and Kiosk.objects.filter(is_self=True).exists():
        close_day(at=clock.now())
