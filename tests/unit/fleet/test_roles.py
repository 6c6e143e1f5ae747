"""What a role may do, on the cloud and on every kiosk alike."""

import pytest

from edgeshop.fleet.models import Staff
from edgeshop.fleet.roles import role_allows

pytestmark = pytest.mark.unit
ASKED = (
    "checkout.view_order", "checkout.change_seat", "catalog.change_product", "fleet.view_kiosk", "fleet.change_kiosk",
    "fleet.change_staff", "auth.view_permission",
)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("attendant", {"checkout.view_order", "checkout.change_seat"}),
        ("manager", {"checkout.view_order", "checkout.change_seat", "catalog.change_product", "fleet.view_kiosk"}),
        ("operator", set(ASKED) - {"auth.view_permission"}),
    ],
)
def test_a_role_allows_what_its_work_needs_and_no_more(role, allowed):
    assert {perm for perm in ASKED if role_allows(role, perm)} == allowed


def test_somebody_who_has_left_may_do_nothing():
    gone = Staff(role="operator", is_active=False)

    assert not any(gone.has_perm(perm) for perm in ASKED)
    assert not gone.has_module_perms("checkout")


def test_an_attendant_sees_the_trade_and_not_the_house(db):
    ben = Staff(role="attendant", pk=1)

    assert [ben.has_module_perms(app) for app in ("checkout", "catalog", "fleet", "journal")] == [
        True, True, False, False,
    ]  # fmt: skip
