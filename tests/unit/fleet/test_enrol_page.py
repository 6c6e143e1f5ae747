"""The page and the command that make a box a kiosk, over the real door of a cloud."""

from dataclasses import replace

import pytest
import requests
from django.core.management import CommandError, call_command
from django.test import Client

from edgeshop.fleet.models import Device, Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import new_code
from tests.factories.fleet import KIOSK, make_kiosk, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
CLOUD = "http://127.0.0.1:9"


@pytest.fixture
def box(house, settings, monkeypatch):
    """The house's box before it was enrolled, its requests carried by the wire."""
    settings.ROOT_URLCONF = "tests.unit.fleet.both_urls"
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, cloud_url=CLOUD))
    Kiosk.objects.update(is_self=False)

    def post(url, json, timeout):
        session = requests.Session()
        session.mount("http://", house.wire)
        return session.post(url, json=json, timeout=timeout)

    monkeypatch.setattr("edgeshop.fleet.services.joining.requests.post", post)
    return house


@pytest.fixture
def kiosk(box):
    """The box as a kiosk again."""
    Kiosk.objects.filter(pk=KIOSK).update(is_self=True)
    return box


def code(house) -> str:
    with house.cloud():
        return new_code(Kiosk.objects.get(pk=KIOSK))


def test_whoever_unpacks_the_box_types_the_code_and_it_is_a_kiosk(box, client):
    asked = client.get("/enrol")
    done = client.post("/enrol", {"code": code(box).lower()})

    assert (asked.status_code, done.status_code) == (200, 200)
    assert "Enrolment code" in asked.content.decode()
    assert "This box is Till" in done.content.decode()
    assert (this_kiosk().pk, this_kiosk().epoch) == (KIOSK, 2)


def test_a_wrong_code_is_said_and_changes_nothing(box, client):
    answer = client.post("/enrol", {"code": "22222-22222-2222"})

    assert answer.status_code == 403
    assert "fleet.code_refused" in answer.content.decode()
    assert not Kiosk.objects.filter(is_self=True).exists()


def test_a_cloud_out_of_reach_is_said(box, client):
    def fail(_request):
        raise requests.ConnectTimeout

    box.wire.on_the_way_up = fail

    answer = client.post("/enrol", {"code": "x"})

    assert (answer.status_code, "did not answer" in answer.content.decode()) == (503, True)


def test_a_form_from_elsewhere_is_refused(box):
    assert Client(enforce_csrf_checks=True).post("/enrol", {"code": "x"}).status_code == 403


def test_nothing_on_the_page_runs_or_comes_from_elsewhere(box, client):
    page = client.get("/enrol")

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.content.decode()


def test_a_kiosk_shows_the_page_to_operators_only(kiosk, client):
    said = {}
    said["anybody"] = client.get("/enrol").status_code, client.post("/enrol", {"code": "x"}).status_code
    for role in ("attendant", "manager", "operator"):
        client.force_login(make_staff(role, role=role))
        said[role] = client.get("/enrol").status_code, client.post("/enrol", {"code": "?"}).status_code

    assert said == {"anybody": (302, 302), "attendant": (403, 403), "manager": (403, 403), "operator": (200, 403)}
    assert len(kiosk.wire.asked) == 1  # only the operator's code was asked about


def test_an_operator_sees_what_the_box_is(kiosk, client):
    client.force_login(make_staff("olga", role="operator"))

    page = client.get("/enrol").content.decode()

    assert all(text in page for text in ("Enrol Till again", "keys in", CLOUD, "Certificate"))


def test_the_command_does_the_same(box, capsys):
    call_command("enrol", CLOUD, code(box))

    said = capsys.readouterr().out
    assert said.startswith(f"Making ready this box's key …\nAsking the cloud at {CLOUD} …\nTaking up what it said …\n")
    assert f"This box is kiosk {KIOSK} (Till) of shop 3, epoch 2." in said


def test_a_box_that_changes_sides_speaks_for_the_other_kiosk_alone(kiosk):
    with kiosk.cloud():
        bar = new_code(make_kiosk(Kiosk.objects.get(pk=KIOSK).shop, pk=13, name="Bar"))

    call_command("enrol", CLOUD, bar)

    assert this_kiosk().pk == 13
    assert [(d.kiosk_id, d.is_live) for d in Device.objects.all()] == [(13, True)]


@pytest.mark.parametrize("portal", [b"<html>", b"[]", b'{"hello": 1}'])
def test_the_command_believes_no_hotspot(box, portal):
    def say(answer):
        answer._content, answer.status_code = portal, 200
        return answer

    box.wire.on_the_way_down = say

    with pytest.raises(CommandError, match=r"fleet\.cloud_unreachable"):
        call_command("enrol", CLOUD, code(box))


def test_the_command_says_why_a_code_is_refused(box):
    with pytest.raises(CommandError, match=r"fleet\.code_refused"):
        call_command("enrol", CLOUD, "22222-22222-2222")
