"""What people may do by their role, the same on the cloud and on every kiosk."""

from typing import Protocol

from django.db.models import TextChoices

_TRADE = frozenset({"catalog", "checkout"})
_HOUSE = frozenset({"fleet", "journal", "push", "sync"})
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


_ORDER = (Role.ATTENDANT, Role.MANAGER, Role.OPERATOR)


def is_above(role: str, other: str) -> bool:
    """Whether a role may more than another."""
    return _ORDER.index(Role(role)) > _ORDER.index(Role(other))


class _Person(Protocol):
    role: str
    is_active: bool
    is_superuser: bool


def may_alone(person: _Person) -> bool:
    """Whether a person may do alone what an attendant needs a second one for, and be that second one for others."""
    return person.is_active and (person.is_superuser or is_above(person.role, Role.ATTENDANT))
