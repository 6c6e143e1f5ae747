"""Who we are and whom we know."""

from edgeshop.fleet.errors import NotEnrolled
from edgeshop.fleet.models import Kiosk, Shop


def is_enrolled() -> bool:
    """Whether this box is a kiosk yet."""
    return Kiosk.objects.filter(is_self=True).exists()


def this_kiosk() -> Kiosk:
    """The row of the kiosk we are. Raises: NotEnrolled."""
    kiosk = Kiosk.objects.select_related("shop").filter(is_self=True).first()
    if kiosk is None:
        raise NotEnrolled("This box is not enrolled. Ask the cloud's admin for a code, then: manage.py enrol URL CODE.")
    return kiosk


def this_shop() -> Shop:
    """The shop we stand in. Raises: NotEnrolled."""
    return this_kiosk().shop


def this_shop_id() -> int:
    """The id of the shop we stand in. Raises: NotEnrolled."""
    return this_kiosk().shop_id
