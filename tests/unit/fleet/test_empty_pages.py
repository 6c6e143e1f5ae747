"""A list without rows says what would stand there and where it comes from."""

import pytest
from django.contrib import admin

from edgeshop.fleet.models import Staff
from tests.factories.fleet import make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
POLICIES = "/admin/fleet/policy/"


@pytest.fixture
def operator(client, shop):
    """Olga, who runs the house by her role alone."""
    client.force_login(make_staff("olga", role=Staff.Role.OPERATOR))
    return client


def test_an_empty_list_says_where_its_rows_come_from(operator):
    page = operator.get(POLICIES).content.decode()

    assert "manage.py policy load" in page
    assert "Nothing here yet" in page
    assert "Create a new item" not in page


def test_a_filter_that_nothing_fits_can_be_taken_off(operator):
    page = operator.get("/admin/fleet/staff/?q=nobody-of-this-name").content.decode()

    assert "Nothing fits" in page
    assert "Show all" in page


def test_every_list_that_nobody_can_add_to_has_words_for_being_empty(rf):
    request = rf.get("/")
    request.user = Staff(role=Staff.Role.OPERATOR, is_superuser=True, is_staff=True)
    ours = {m: a for m, a in admin.site._registry.items() if type(a).__module__.startswith("edgeshop.")}
    silent = [m.__name__ for m, a in ours.items() if not a.has_add_permission(request) and not hasattr(a, "comes_from")]

    assert len(ours) > 20
    assert silent == []
