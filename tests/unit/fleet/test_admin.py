"""The fleet's admin: who needs a look, codes, revocation, passwords that reach the kiosks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from edgeshop.fleet.models import Device, EnrolmentCode, Kiosk, RevocationList, Staff
from edgeshop.fleet.services import enrol, new_code
from edgeshop.journal.models import Change
from edgeshop.kernel import clock
from edgeshop.vault.services import MemoryKeystore
from tests.factories.fleet import KIOSK, PASSWORD, make_kiosk, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
KIOSKS = "/admin/fleet/kiosk/"
NO_DEVICES = {"devices-TOTAL_FORMS": 0, "devices-INITIAL_FORMS": 0}


@pytest.fixture
def operator(client, shop):
    """Olga, who runs the house by her role alone."""
    client.force_login(make_staff("olga", role=Staff.Role.OPERATOR))
    return client


def act(client, action: str, *kiosks: Kiosk):
    chosen = {"action": action, "_selected_action": [k.pk for k in kiosks]}
    return [str(m) for m in client.post(KIOSKS, chosen, follow=True).context["messages"]]


def test_the_list_says_in_a_word_how_each_kiosk_is(operator, shop):
    now = clock.now()
    make_kiosk(shop, pk=1, name="One", enrolled_at=now, last_contact_at=now, unsent_count=4, unsent_oldest_at=now)
    make_kiosk(shop, pk=2, name="Two", enrolled_at=now, last_contact_at=now - timedelta(minutes=3))
    make_kiosk(shop, pk=3, name="Three", enrolled_at=now, revoked_at=now)
    make_kiosk(shop, pk=4, name="Four")

    page = operator.get(KIOSKS).content.decode()

    assert all(word in page for word in ("well", "silent", "revoked", "not enrolled", "just now"))
    assert "0\xa0minutes" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_kiosks(operator, shop, count, django_assert_max_num_queries):
    for number in range(count):
        make_kiosk(shop, pk=10 + number)

    with django_assert_max_num_queries(12):
        assert operator.get(KIOSKS).status_code == 200


def test_an_operator_makes_a_code_and_sees_it_once(operator, kiosk):
    [said] = act(operator, "new_code", kiosk)

    assert said.startswith("Till: ")
    assert "manage.py enrol URL CODE" in said
    assert EnrolmentCode.objects.get().kiosk_id == KIOSK


def test_an_operator_revokes_a_stolen_box(operator, kiosk):
    assert act(operator, "revoke_boxes", kiosk) == ["Till is revoked. A new enrolment code ends that."]

    kiosk.refresh_from_db()
    assert kiosk.revoked_at is not None


def test_a_manager_looks_at_kiosks_but_makes_no_codes(client, shop, kiosk):
    client.force_login(make_staff("mia", shop=shop, role=Staff.Role.MANAGER))

    page = client.get(KIOSKS)
    client.post(KIOSKS, {"action": "new_code", "_selected_action": [KIOSK]})

    assert page.status_code == 200
    assert EnrolmentCode.objects.count() == 0


def test_a_password_set_in_the_admin_travels_to_the_kiosks(operator, shop):
    ben = make_staff("ben", shop=shop)
    Change.objects.all().delete()
    new = {"password1": "a-much-longer-one", "password2": "a-much-longer-one", "usable_password": "true"}

    operator.post(f"/admin/fleet/staff/{ben.pk}/password/", new)

    ben.refresh_from_db()
    assert ben.check_password("a-much-longer-one")
    assert list(Change.objects.values_list("stream", "key")) == [("staff", str(ben.pk))]


def test_a_new_member_of_staff_is_made_in_the_admin(operator, shop):
    new = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}

    answer = operator.post("/admin/fleet/staff/add/", new)

    ada = Staff.objects.get(username="ada")
    assert answer.headers["Location"].startswith(f"/admin/fleet/staff/{ada.pk}/change/")
    assert ("staff", str(ada.pk)) in Change.objects.values_list("stream", "key")


def test_on_a_kiosk_people_and_shops_are_copies_to_look_at(operator, shop, settings):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    olga = Staff.objects.get(username="olga")

    pages = ["/admin/fleet/staff/add/", "/admin/fleet/shop/add/", f"/admin/fleet/staff/{olga.pk}/password/"]

    assert [operator.get(page).status_code for page in pages] == [403, 403, 403]
    assert operator.get(f"/admin/fleet/staff/{olga.pk}/change/").status_code == 200


def enrolled(shop, pk: int, level: int) -> Kiosk:
    kiosk = make_kiosk(shop, pk=pk, name=f"Till {pk}")
    enrol(code=new_code(kiosk), device_jwk=MemoryKeystore().create("device"), trust_level=level)
    return kiosk


def test_the_kiosk_s_page_shows_its_devices_certificate_and_level_in_words(operator, shop, held_clock):
    kiosk = enrolled(shop, 20, 1)
    enrol(code=new_code(kiosk), device_jwk=MemoryKeystore().create("device"), trust_level=2)

    page = operator.get(f"{KIOSKS}20/change/").content.decode()

    ends = f"{held_clock.at + timedelta(days=400):%Y-%m-%d}"
    words = (f"until {ends}", "2: keys in a chip, taken at its word", "superseded", "speaks")
    assert [word for word in words if word not in page] == []


def test_a_certificate_that_is_over_is_said(operator, shop, held_clock):
    enrolled(shop, 20, 1)
    held_clock.move(days=401)

    assert "renews at the next contact" in operator.get(f"{KIOSKS}20/change/").content.decode()


def test_an_operator_raises_a_kiosk_whose_chip_was_checked_and_no_other(operator, shop):
    chip, file = enrolled(shop, 20, 2), enrolled(shop, 21, 1)

    said = act(operator, "chip_checked", chip, file)

    assert said == [
        "Till 21: This kiosk's keys are not in a chip, or have been checked.",
        "Till 20 is level 3 now: keys in a chip whose certificate was checked.",
    ]
    assert dict(Kiosk.objects.values_list("pk", "trust_level")) == {20: 3, 21: 1}


def test_revoking_in_the_admin_puts_the_device_on_the_list(operator, shop):
    kiosk = enrolled(shop, 20, 1)

    act(operator, "revoke_boxes", kiosk)

    assert not Device.objects.get().is_live
    assert RevocationList.objects.count() == 1


def test_the_kiosk_s_page_offers_its_actions_as_posts_to_those_who_may(operator, client, shop, kiosk):
    page = operator.get(f"{KIOSKS}{KIOSK}/change/").content.decode()
    client.force_login(make_staff("mia", shop=shop, role=Staff.Role.MANAGER))
    manager_s = client.get(f"{KIOSKS}{KIOSK}/change/").content.decode()

    for action in ("new_code", "revoke_boxes", "chip_checked"):
        button = f'<button formaction="{KIOSKS}" formnovalidate name="action" value="{action}"'
        assert button in page
        assert button not in manager_s
    assert f'name="_selected_action" value="{KIOSK}"' in page


def test_a_new_kiosk_needs_a_name_and_a_shop_only(operator, shop):
    answer = operator.post("/admin/fleet/kiosk/add/", {"name": "Fresh", "shop": shop.pk} | NO_DEVICES)

    assert answer.status_code == 302
    assert Kiosk.objects.get().name == "Fresh"
