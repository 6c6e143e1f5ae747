"""Who we are and whom we know."""

from edgeshop.fleet.errors import NotEnrolled
from edgeshop.fleet.models import Kiosk, Shop

_NOT_ENROLLED = "This box is not enrolled. Ask the cloud's admin for a code, then: manage.py enrol URL CODE."


def is_enrolled() -> bool:
    """Whether this box is a kiosk yet."""
    return Kiosk.objects.filter(is_self=True).exists()


def this_kiosk() -> Kiosk:
    """The row of the kiosk we are. Raises: NotEnrolled."""
    kiosk = Kiosk.objects.select_related("shop").filter(is_self=True).first()
    if kiosk is None:
        raise NotEnrolled(_NOT_ENROLLED)
    return kiosk


def this_kiosk_id() -> int:
    """The id of the kiosk we are. Raises: NotEnrolled."""
    kiosk_id = Kiosk.objects.filter(is_self=True).values_list("pk", flat=True).first()
    if kiosk_id is None:
        raise NotEnrolled(_NOT_ENROLLED)
    return kiosk_id


def this_shop() -> Shop:
    """The shop we stand in. Raises: NotEnrolled."""
    return this_kiosk().shop


def this_shop_id() -> int:
    """The id of the shop we stand in. Raises: NotEnrolled."""
    return this_kiosk().shop_id
