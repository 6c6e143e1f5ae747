"""Secrets in the cloud's admin: they go in, are rotated and taken back, and never come out."""

from dataclasses import replace

import pytest

from edgeshop.fleet.models import LeaseSecret, Staff
from edgeshop.fleet.services import keep_secret, secrets
from tests.factories.fleet import SHOP, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PAGE = "/admin/fleet/leasesecret/"
NEW = {"shop": SHOP, "name": "provider", "value": "canary-of-the-provider", "days": 30}


@pytest.fixture
def operator(client, shop):
    """Olga, who runs the house."""
    client.force_login(make_staff("olga", role=Staff.Role.OPERATOR))
    return client


def kept() -> list[tuple[str, int, bool, bool]]:
    rows = LeaseSecret.objects.order_by("name", "ver")
    return [(s.name, s.ver, s.superseded_at is not None, s.revoked_at is not None) for s in rows]


def act(client, action: str) -> None:
    chosen = {"action": action, "_selected_action": list(LeaseSecret.objects.values_list("pk", flat=True))}
    assert client.post(PAGE, chosen).status_code == 302


def test_a_secret_goes_in_and_is_shown_nowhere(operator):
    answer = operator.post(f"{PAGE}add/", NEW)

    secret = LeaseSecret.objects.get()
    assert answer.status_code == 302
    assert (secrets.reveal(secret), secret.life_s) == (NEW["value"], 30 * 86_400)
    for page in (PAGE, f"{PAGE}{secret.pk}/change/", f"{PAGE}add/"):
        shown = operator.get(page)
        assert shown.status_code == 200
        assert "canary" not in shown.content.decode()


def test_adding_a_name_again_rotates_it(operator):
    operator.post(f"{PAGE}add/", NEW)
    operator.post(f"{PAGE}add/", NEW | {"value": "two"})

    assert kept() == [("provider", 1, True, False), ("provider", 2, False, False)]


def test_a_version_is_not_changed(operator):
    keep_secret(shop_id=SHOP, name="provider", value="one")
    page = f"{PAGE}{LeaseSecret.objects.get().pk}/change/"

    assert operator.post(page, NEW).status_code == 403

    assert secrets.reveal(LeaseSecret.objects.get()) == "one"


def test_secrets_are_taken_back_and_push_keys_renewed(operator):
    keep_secret(shop_id=SHOP, name="provider", value="one")

    act(operator, "revoke_secrets")
    act(operator, "renew_push_key")

    assert kept() == [("provider", 1, False, True), ("vapid", 1, False, False)]


@pytest.mark.parametrize("odd", [{"name": "../x"}, {"name": "Provider"}, {"value": ""}, {"days": 0}])
def test_an_odd_secret_is_sent_back_with_a_word(operator, odd):
    answer = operator.post(f"{PAGE}add/", NEW | odd)

    assert (answer.status_code, kept()) == (200, [])


def test_a_manager_looks_and_changes_nothing(client, shop):
    keep_secret(shop_id=SHOP, name="provider", value="one")
    client.force_login(make_staff("mia", shop=shop, role=Staff.Role.MANAGER))

    assert client.get(PAGE).status_code == 200
    assert client.post(f"{PAGE}add/", NEW).status_code == 403
    client.post(PAGE, {"action": "revoke_secrets", "_selected_action": [LeaseSecret.objects.get().pk]})
    assert kept() == [("provider", 1, False, False)]


def test_a_kiosk_has_no_such_page(operator, settings):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    assert operator.get(PAGE).status_code == 403
    assert operator.get(f"{PAGE}add/").status_code == 403
