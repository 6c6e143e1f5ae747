"""What people may do by their role, the same on the cloud and on every kiosk."""

from django.db.models import TextChoices

_TRADE = frozenset({"catalog", "checkout"})
_HOUSE = frozenset({"fleet", "journal", "push"})
_AT_THE_TILL = frozenset({"checkout.change_seat", "checkout.change_order", "checkout.change_review"})


class Role(TextChoices):
    """What a person may do; more than the one before."""

    ATTENDANT = "attendant"
    MANAGER = "manager"
    OPERATOR = "operator"


def apps_of(role: str) -> frozenset[str]:
    """The apps that a role has anything to do with."""
    return _TRADE if role == Role.ATTENDANT else _TRADE | _HOUSE


def role_allows(role: str, perm: str) -> bool:
    """Whether a role includes Django's permission `app.verb_model`.

    Attendants look at goods and orders and do what the till needs; managers run the shop and look at the house;
    operators run the house too, people and kiosks included.
    """
    app, _, name = perm.partition(".")
    if app not in apps_of(role):
        return False
    if name.startswith("view_"):
        return True
    if role == Role.ATTENDANT:
        return perm in _AT_THE_TILL
    return role == Role.OPERATOR or app in _TRADE
