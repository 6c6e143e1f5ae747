"""`manage.py sync` on a kiosk, and what the cloud says about itself."""

from datetime import UTC, datetime

import pytest
import requests
from django.core.management import CommandError, call_command

from edgeshop.fleet.services import revoke
from edgeshop.journal.services import append
from edgeshop.sync.management.commands import sync as command
from edgeshop.sync.services import telling
from tests.factories.fleet import KIOSK, make_kiosk

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def kiosk(house, monkeypatch):
    monkeypatch.setattr(command, "CloudClient", house.new_client)
    return house


def test_the_command_says_what_moved(kiosk, capsys):
    append("test.sold.v1", {})

    call_command("sync")

    assert "1 facts acknowledged" in capsys.readouterr().out


def test_a_long_run_says_how_far_it_is(kiosk, capsys, monkeypatch):
    monkeypatch.setattr(telling, "EVERY_S", 0.0)
    append("test.sold.v1", {})

    call_command("sync")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 contacts, 1 facts acknowledged"
    assert lines[-1] == "first synchronisation: nothing has come yet; cannot sell yet"


def test_a_cloud_out_of_reach_is_an_exit_status_of_its_own(kiosk):
    def fail(_request):
        raise requests.ConnectTimeout

    kiosk.wire.on_the_way_up = fail

    with pytest.raises(CommandError, match=r"fleet\.cloud_unreachable.*refused"):
        call_command("sync")


def test_a_part_that_was_refused_is_an_exit_status_of_its_own(kiosk):
    with kiosk.cloud():
        revoke(KIOSK)

    with pytest.raises(CommandError, match=r"fleet\.kiosk_revoked"):
        call_command("sync")


@pytest.mark.parametrize("count", [1, 3])
def test_the_status_is_counts_only_and_three_queries(client, shop, count, django_assert_num_queries):
    at = datetime(2026, 11, 2, 10, tzinfo=UTC)
    for number in range(count):
        make_kiosk(shop, pk=10 + number, name=f"Till {number}", epoch=2, unsent_count=number, last_contact_at=at)

    with django_assert_num_queries(3):
        said = client.get("/sync/status").json()

    assert said == {
        "kiosks": [
            {"id": 10 + n, "name": f"Till {n}", "epoch": 2, "unsent": n, "last_contact_at": at.timestamp()}
            for n in range(count)
        ],
        "orders": {"total": 0, "settled": 0, "review": 0},
    }


def test_a_contact_that_nobody_signed_is_an_error_in_the_one_shape(client):
    answer = client.post("/sync", b"", content_type="application/octet-stream")

    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "retry", "fields", "request_id"}


def test_a_signed_message_that_makes_no_sense_is_malformed(house):
    with pytest.raises(Exception, match="refused") as refused:
        house.client.ask("/sync", b"<html>")

    assert (refused.value.fields["status"], refused.value.fields["cloud_code"]) == (422, "sync.malformed")
