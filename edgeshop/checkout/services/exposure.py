"""How much uncleared money is outside, and how much has come home: what the ceilings of a grant are made of."""

from django.db.models import Count, Q, Sum

from edgeshop.checkout.enums import Payment
from edgeshop.checkout.models import Number, Order
from edgeshop.checkout.services.numbers import OPEN

_HOME = Q(payment=Payment.CLEARED) | Q(void__isnull=False)


def cleared(*, kiosk_id: int, epoch: int) -> tuple[int, int]:
    """Sum and count of an epoch's sales on the grant whose money is certain by now, or that were undone."""
    sales = Order.objects.filter(_HOME, kiosk=kiosk_id, epoch=epoch, is_on_grant=True)
    found = sales.aggregate(total=Sum("total_minor"), count=Count("pk"))
    return found["total"] or 0, found["count"]


def exposure_of_older_epochs(*, kiosk_id: int, epoch: int) -> tuple[int, int]:
    """Sum and count of what earlier epochs still have outside: unpaid sales, and numbers that may yet be sold."""
    sales = Order.objects.filter(kiosk=kiosk_id, epoch__lt=epoch, is_on_grant=True).exclude(_HOME)
    sold = sales.aggregate(total=Sum("total_minor"), count=Count("pk"))
    numbers = Number.objects.filter(kiosk=kiosk_id, epoch__lt=epoch, state__in=OPEN, max_minor__gt=0)
    held = numbers.aggregate(total=Sum("max_minor"), count=Count("pk"))
    return (sold["total"] or 0) + (held["total"] or 0), sold["count"] + held["count"]
