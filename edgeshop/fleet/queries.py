"""Who we are and whom we know."""

from edgeshop.fleet.errors import NotEnrolled
from edgeshop.fleet.models import Kiosk, Shop

_NOT_ENROLLED = "This box is not enrolled. Ask the cloud's admin for a code, then: manage.py enrol URL CODE."


def is_enrolled() -> bool:
    """Whether this box is a kiosk yet."""
    return Kiosk.objects.filter(is_self=True).exists()


def this_kiosk() -> Kiosk:
    """The row of the kiosk we are. Raises: NotEnrolled."""
    try:
        return Kiosk.objects.select_related("shop").get(is_self=True)
    except Kiosk.DoesNotExist:
        raise NotEnrolled(_NOT_ENROLLED) from None


def this_kiosk_id() -> int:
    """The id of the kiosk we are. Raises: NotEnrolled."""
    return _own("pk")


def this_shop() -> Shop:
    """The shop we stand in. Raises: NotEnrolled."""
    return this_kiosk().shop


def this_shop_id() -> int:
    """The id of the shop we stand in. Raises: NotEnrolled."""
    return _own("shop_id")


def _own(field: str) -> int:
    try:
        found: int = Kiosk.objects.values_list(field, flat=True).get(is_self=True)
    except Kiosk.DoesNotExist:
        raise NotEnrolled(_NOT_ENROLLED) from None
    return found
