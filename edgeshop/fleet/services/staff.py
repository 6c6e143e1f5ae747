"""Staff are kept in the cloud; every change travels to the kiosks, so that people can log in with the cable out."""

from django.db import transaction

from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.journal.services import changes


def save_staff(person: Staff) -> int:
    """Write one member of staff; answers the id. Effect: the change is marked for the kiosks."""
    person.save()
    return person.pk


@transaction.atomic
def save_shop(shop: Shop) -> int:
    """Write one shop; answers the id. Effect: the change is marked for the kiosks."""
    shop.save()
    changes("config", f"shop{shop.pk}")
    return shop.pk


def save_kiosk(kiosk: Kiosk) -> int:
    """Write what people decide about a kiosk; answers the id. Enrolment, not this, makes a box speak for it.

    The rest of the row moves with every contact and is left alone.
    """
    kiosk.save(update_fields=None if kiosk._state.adding else ("name", "shop", "node_class"))
    return kiosk.pk
