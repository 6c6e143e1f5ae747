"""The doors: PIN pages on a kiosk, the second factor in the cloud, and who gets through with what."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from edgeshop.fleet.checks import check_second_factor
from edgeshop.fleet.models import Staff, StaffPin
from edgeshop.fleet.services.pins import reset_pin, set_pin
from edgeshop.journal.models import AuditEntry
from edgeshop.kernel import clock
from tests.factories.fleet import PASSWORD, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PIN = "8264"
INDEX = "/admin/"
ORDERS = "/admin/checkout/order/"


def audited() -> list[tuple[str, str]]:
    return [(entry.kind.split(".")[1], entry.by) for entry in AuditEntry.objects.order_by("record__seq")]


def is_in(client: Client) -> bool:
    return client.get(ORDERS).status_code == 200


# Kiosk


@pytest.fixture
def ben(house) -> Staff:
    return make_staff("ben")


def try_pin(client: Client, pin: str, name: str = "ben", **more: str):
    return client.post(reverse("admin:fleet_pin"), {"username": name, "pin": pin, **more})


def test_a_person_sets_a_pin_after_the_password_and_then_comes_in_by_it(ben, client):
    client.post("/admin/login/", {"username": "ben", "password": PASSWORD, "next": INDEX})
    page = reverse("admin:fleet_new_pin")
    assert b'inputmode="numeric"' in client.get(page).content

    refused = client.post(page, {"password": "wrong", "pin": PIN, "again": PIN})
    differs = client.post(page, {"password": PASSWORD, "pin": PIN, "again": "9999"})
    weak = client.post(page, {"password": PASSWORD, "pin": "1234", "again": "1234"})
    assert [answer.status_code for answer in (refused, differs, weak)] == [422, 422, 422]
    assert not StaffPin.objects.exists()
    assert client.post(page, {"password": PASSWORD, "pin": PIN, "again": PIN}).status_code == 302
    client.post("/admin/logout/")
    assert not is_in(client)

    answer = try_pin(client, PIN, next=ORDERS)

    assert answer.headers["Location"] == ORDERS
    assert is_in(client)
    assert audited() == [("login", "ben"), ("pin_set", "ben"), ("logout", "ben"), ("login", "ben")]
    assert b'"way":"PIN"' in bytes(AuditEntry.objects.latest("record__seq").record.body)


def test_a_wrong_pin_says_what_to_do_and_too_many_say_how_long(ben, client):
    set_pin(staff=ben, pin=PIN, at=clock.now())

    first = try_pin(client, "5093")
    for _ in range(4):
        try_pin(client, "5093")
    last = try_pin(client, PIN)

    assert (first.status_code, last.status_code) == (403, 429)
    assert "log in with your password and set one" in first.content.decode()
    assert "Try again in" in last.content.decode()
    assert not is_in(client)
    assert audited() == [("pin_set", "ben"), *[("login_failed", "ben")] * 5]


def test_what_somebody_types_into_the_name_field_is_written_down_nowhere(ben, client):
    try_pin(client, PIN, name="4711471")

    entry = AuditEntry.objects.get()
    assert (entry.by, b"4711471" in bytes(entry.record.body)) == ("", False)


def test_a_one_time_number_opens_the_page_for_a_new_pin_and_nothing_else(ben, client):
    number = reset_pin(staff=ben, by=make_staff("mia", role="manager"), at=clock.now())

    answer = try_pin(client, number)

    assert answer.headers["Location"] == reverse("admin:fleet_new_pin")
    assert not is_in(client)
    client.post(reverse("admin:fleet_new_pin"), {"pin": PIN, "again": PIN})
    assert is_in(client)
    assert audited() == [("pin_reset", "mia"), ("pin_set", "ben"), ("login", "ben")]


def test_an_invitation_to_set_a_pin_lapses(ben, client, held_clock):
    number = reset_pin(staff=ben, by=make_staff("mia", role="manager"), at=clock.now())
    try_pin(client, number)
    held_clock.move(minutes=11)

    answer = client.post(reverse("admin:fleet_new_pin"), {"pin": PIN, "again": PIN})

    assert answer.headers["Location"].startswith("/admin/login/")
    assert not StaffPin.objects.exists()


def test_a_manager_sees_a_one_time_number_in_the_list_of_staff_and_an_attendant_does_not(ben, client):
    act = {"action": "new_pin", "_selected_action": [ben.pk]}
    client.force_login(make_staff("mia", role="manager"))
    [said] = [str(m) for m in client.post("/admin/fleet/staff/", act, follow=True).context["messages"]]
    assert re.fullmatch(r"ben: one-time number \d{8}, for 15 minutes\.", said)

    other = make_staff("ada")
    client.force_login(other)
    client.post("/admin/fleet/staff/", act)
    assert [by for kind, by in audited() if kind == "pin_reset"] == ["mia"]


def test_after_the_door_nobody_is_sent_to_another_house(ben, client):
    set_pin(staff=ben, pin=PIN, at=clock.now())

    assert try_pin(client, PIN, next="https://elsewhere.example/").headers["Location"] == INDEX


def test_the_login_page_of_a_kiosk_offers_the_pin(ben, client):
    assert reverse("admin:fleet_pin") in client.get("/admin/login/").content.decode()


def test_each_door_is_on_its_own_tier(house, client, settings):
    assert client.get(reverse("admin:fleet_second_factor")).status_code == 404
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=True)
    assert client.get(reverse("admin:fleet_pin")).status_code == 404
    assert client.get(reverse("admin:fleet_new_pin")).status_code == 404
    assert reverse("admin:fleet_pin") not in client.get("/admin/login/").content.decode()


# Cloud


@pytest.fixture
def strict(settings) -> None:
    """A cloud as it is by default."""
    settings.EDGESHOP = replace(settings.EDGESHOP, access=replace(settings.EDGESHOP.access, second_factor="required"))


@pytest.fixture
def olga(shop, strict) -> Staff:
    return make_staff("olga", role=Staff.Role.OPERATOR)


def by_password(client: Client):
    return client.post("/admin/login/", {"username": "olga", "password": PASSWORD, "next": ORDERS})


def number_of(device: TOTPDevice, steps: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = totp.time + steps * device.step
    return f"{totp.token():06d}"


def set_up(client: Client) -> list[str]:
    """Olga's app; answers her recovery codes."""
    by_password(client)
    client.get(reverse("admin:fleet_new_second_factor"))
    page = client.post(reverse("admin:fleet_new_second_factor"), {"number": number_of(TOTPDevice.objects.get())})
    return re.findall(r"<code>(\w+)</code>", page.content.decode())


def test_without_a_device_a_password_opens_only_the_page_that_sets_one_up(olga, client):
    by_password(client)

    for path in (INDEX, ORDERS, "/admin/fleet/staff/", "/admin/password_change/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("admin:fleet_second_factor"))
    answer = client.get(reverse("admin:fleet_second_factor") + f"?next={ORDERS}", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("admin:fleet_new_second_factor"))
    assert b"data:image/svg+xml" in answer.content


def test_control_where_it_is_switched_off_the_password_is_enough(olga, client, settings):
    settings.EDGESHOP = replace(settings.EDGESHOP, access=replace(settings.EDGESHOP.access, second_factor="off"))
    by_password(client)

    assert is_in(client)


def test_once_set_up_it_takes_the_number_at_each_login(olga, client):
    codes = set_up(client)
    assert (len(codes), is_in(client)) == (10, True)
    client.post("/admin/logout/")
    by_password(client)
    assert not is_in(client)
    door = reverse("admin:fleet_second_factor")
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)

    wrong = client.post(door, {"number": "000000"})
    assert (wrong.status_code, is_in(client)) == (422, False)
    TOTPDevice.objects.update(throttling_failure_count=0)
    right = client.post(f"{door}?next={ORDERS}", {"number": number_of(TOTPDevice.objects.get())})

    assert right.headers["Location"] == ORDERS
    assert is_in(client)
    assert ("second_factor_set", "olga") in audited()
    assert ("login_failed", "olga") in audited()


def test_a_recovery_code_opens_once(olga, client):
    code = set_up(client)[0]
    door = reverse("admin:fleet_second_factor")
    for expected in (True, False):
        client.post("/admin/logout/")
        by_password(client)
        client.post(door, {"number": code.upper()})
        assert is_in(client) is expected
        TOTPDevice.objects.update(throttling_failure_count=0)

    assert StaticToken.objects.count() == 9


def test_who_has_a_device_cannot_set_up_another_with_the_password_alone(olga, client):
    set_up(client)
    client.post("/admin/logout/")
    by_password(client)

    answer = client.get(reverse("admin:fleet_new_second_factor"))

    assert answer.headers["Location"] == reverse("admin:fleet_second_factor")
    assert TOTPDevice.objects.count() == 1


def test_an_operator_takes_a_lost_device_from_somebody_else_and_not_from_oneself(olga, client):
    set_up(client)
    oscar = make_staff("oscar", role=Staff.Role.OPERATOR)
    TOTPDevice.objects.create(user=oscar, confirmed=True)

    for person in (olga, oscar):
        client.post("/admin/fleet/staff/", {"action": "new_second_factor", "_selected_action": [person.pk]})

    assert [device.user for device in TOTPDevice.objects.all()] == [olga]
    assert audited()[-1] == ("second_factor_reset", "olga")


def test_secrets_of_devices_have_no_window(olga, client):
    set_up(client)

    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


def test_the_installer_is_warned_where_it_is_off(strict, settings):
    assert check_second_factor() == []
    settings.EDGESHOP = replace(settings.EDGESHOP, access=replace(settings.EDGESHOP.access, second_factor="off"))
    assert [warning.id for warning in check_second_factor()] == ["fleet.W001"]
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    assert check_second_factor() == []


# What is written down in the cloud


def test_roles_codes_and_revocations_are_in_the_log_and_the_log_is_read_in_words(shop, kiosk, client):
    client.force_login(make_staff("olga", role=Staff.Role.OPERATOR))
    ben = make_staff("ben", shop=shop)
    for action in ("new_code", "revoke_boxes"):
        client.post("/admin/fleet/kiosk/", {"action": action, "_selected_action": [kiosk.pk]})
    fields = {"username": "ben", "role": "manager", "is_active": "on", "is_staff": "on", "shop": shop.pk}
    client.post(f"/admin/fleet/staff/{ben.pk}/change/", fields)
    ben.refresh_from_db()
    assert ben.role == "manager"

    page = client.get("/admin/journal/auditentry/").content.decode()
    narrowed = client.get("/admin/journal/auditentry/?kind=audit.kiosk_revoked.v1&by=olga").content.decode()

    for words in ("made an enrolment code for kiosk 12", f"changed person {ben.pk}: role", "revoked kiosk 12"):
        assert words in page
    assert "revoked kiosk 12" in narrowed
    assert "enrolment code for" not in narrowed


def test_a_wrong_password_is_written_down_ever_more_rarely(shop, client, held_clock):
    make_staff("olga", role=Staff.Role.OPERATOR)
    for _ in range(9):
        client.post("/admin/login/", {"username": "olga", "password": "wrong"})

    assert audited() == [("login_failed", "olga")] * 5
    held_clock.move(hours=1)
    client.post("/admin/login/", {"username": "nobody", "password": "wrong"})
    assert audited()[-1] == ("login_failed", "")


def test_an_attendant_does_not_read_the_log(shop, client):
    client.force_login(make_staff("ben", shop=shop))

    assert client.get("/admin/journal/auditentry/").status_code == 403
