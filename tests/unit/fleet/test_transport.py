"""Whom the cloud hears, when, and how often: one place, before anything else runs."""

from datetime import timedelta

import pytest
import requests

from edgeshop.fleet.models import Device, HandledRequest, HotKey, Kiosk
from edgeshop.fleet.services import Reply, enrol, hot_key, new_code, revoke
from edgeshop.fleet.services.exchange import CERTIFICATE_HEADER
from edgeshop.journal.models import Chain, Quarantine, Record
from edgeshop.journal.services import append, own_chain, unsent_batch
from edgeshop.sync.services.wire import unpack_answer
from edgeshop.vault.services import MemoryKeystore, key_name, sign_request
from tests.factories.fleet import KIOSK
from tests.factories.messages import message

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PATH = "/sync"
NEWS = message(cursors={})


def facts(*, epoch: int | None = None) -> dict:
    """Everything this kiosk has written, as a batch."""
    chain, records = unsent_batch(100)
    return {
        "epoch": epoch or chain.epoch,
        "first": records[0].seq,
        "head": bytes(own_chain().head),
        "kinds": [r.kind for r in records],
        "bodies": [bytes(r.body) for r in records],
    }


def signed(body: bytes, **options) -> dict[str, str]:
    """The headers of a signed post, its key introduced."""
    hot = hot_key()
    headers = {CERTIFICATE_HEADER: hot.certificate}
    return sign_request("POST", f"http://127.0.0.1:9{PATH}", headers, body, key=hot, keyid=key_name(hot.kid), **options)


def send(house, headers: dict[str, str], body: bytes, path: str = PATH) -> tuple[int, str]:
    """The bytes as they are: status, and the code of a refusal."""
    request = requests.Request("POST", house.client._base + path, headers, data=body)
    answer = house.client._session.send(request.prepare())
    is_ours = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.status_code, answer.json()["code"] if is_ours else ""


def said(house) -> dict:
    return unpack_answer(house.wire.said[-1].content)


def on_cloud(house, model) -> int:
    with house.cloud():
        return model.objects.count()


# Everything that is not open is signed


@pytest.mark.parametrize("path", ["/sync", "/sync/nothing", "/fleet/nothing", "/fleet/", "/sync/status/more"])
def test_nothing_is_answered_where_kiosks_speak_unless_it_is_signed(house, path):
    assert send(house, {}, b"", path) == (401, "fleet.signature_refused")


def test_a_signed_request_gets_as_far_as_the_address(house):
    hot = hot_key()
    headers = {CERTIFICATE_HEADER: hot.certificate}
    url = "http://127.0.0.1:9/sync/nothing"
    headers = sign_request("POST", url, headers, b"", key=hot, keyid=key_name(hot.kid))

    assert send(house, headers, b"", "/sync/nothing") == (404, "kernel.not_found")
    assert "Signature" in house.wire.said[-1].headers


def test_counts_and_enrolment_are_open(house, client):
    with house.cloud():
        assert client.get("/sync/status").status_code == 200
        assert client.post("/fleet/enrol", {}, content_type="application/json").status_code == 422


# In time


@pytest.mark.parametrize(("late_s", "status"), [(0, 204), (299, 204), (-299, 204), (301, 401), (-301, 401)])
def test_a_contact_is_heard_within_five_minutes(held_clock, house, late_s, status):
    headers = signed(NEWS, created_s=held_clock.timestamp() - late_s)

    assert send(house, headers, NEWS)[0] == status


def test_out_of_time_the_cloud_tells_the_time_by_signature_and_the_kiosk_goes_by_it(held_clock, house):
    """Ten minutes off: no key is over, but a copy of such a request could be anybody's."""
    real, on_cloud_then = held_clock.at, house.wire.on_cloud
    held_clock.at = real - timedelta(minutes=10)

    def at_real_time():
        held_clock.at = real
        return on_cloud_then()

    def back(answer):
        held_clock.at = real - timedelta(minutes=10)
        return answer

    house.wire.on_cloud, house.wire.on_the_way_down = at_real_time, back

    assert house.client.ask(PATH, NEWS) == Reply()
    assert house.client.ask(PATH, NEWS) == Reply()

    assert [r.status_code for r in house.wire.said] == [401, 204, 204]
    assert house.wire.said[0].json()["fields"]["now_s"] == int(real.timestamp())


def test_a_copy_from_an_hour_ago_is_refused_unless_it_only_brings_facts(held_clock, house):
    append("test.sold.v1", {"n": 1})
    batch = facts()
    mixed, plain = message(facts=batch, cursors={}), message(facts=batch)
    old_mixed, old_plain = signed(mixed), signed(plain)

    held_clock.move(hours=1)

    assert send(house, old_mixed, mixed) == (401, "fleet.clock_wrong")
    assert on_cloud(house, Record) == 0
    assert send(house, old_plain, plain) == (200, "")
    assert said(house)["facts"]["acked_seq"] == 1
    assert on_cloud(house, Record) == 1


def test_a_batch_from_the_future_is_a_wrong_clock(held_clock, house):
    append("test.sold.v1", {"n": 1})
    body = message(facts=facts())

    assert send(house, signed(body, created_s=held_clock.timestamp() + 3600), body) == (401, "fleet.clock_wrong")


def test_a_late_batch_tells_nothing_but_what_became_of_it(held_clock, house):
    """Whoever sends a copy learns nothing and moves nothing: no pages, no grant, no epoch."""
    append("test.sold.v1", {"n": 1})
    body = message(facts=facts() | {"head": b"another story".ljust(32)})
    headers = signed(body)
    held_clock.move(hours=1)

    assert [send(house, headers, body)[0] for _ in range(3)] == [200] * 3

    assert set(said(house)) == {"failed"}
    assert said(house)["failed"]["facts"]["code"] == "journal.chain_fork"
    assert house.at_cloud().epoch == 1


def test_a_batch_by_a_key_whose_day_is_over_is_kept_for_people(held_clock, house):
    append("test.sold.v1", {"n": 1})
    body = message(facts=facts())
    headers = signed(body)

    held_clock.move(days=3)

    assert send(house, headers, body) == (200, "")
    assert said(house)["failed"]["identity"]["code"] == "fleet.key_over"
    assert (on_cloud(house, Record), on_cloud(house, Quarantine)) == (1, 1)
    with house.cloud():
        assert HotKey.objects.filter(expires_at__gt=held_clock.at).count() == 0


# Once


def test_a_copy_in_time_changes_nothing(house):
    append("test.sold.v1", {"n": 1})
    identity = {"epoch": 1, "seq": 1, "head": bytes(32), "acked": 0, "stale": True, "unsent": 1, "oldest": None}
    body = message(facts=facts(), identity=identity | {"release": "x"}, cursors={})
    headers = signed(body)
    first = send(house, headers, body)
    epoch = house.at_cloud().epoch

    copies = [send(house, headers, body) for _ in range(3)]

    assert first == (200, "")
    assert copies == [(401, "fleet.request_replayed")] * 3
    assert (on_cloud(house, Record), on_cloud(house, Quarantine)) == (1, 1)  # of an unknown kind: kept, once
    assert (epoch, house.at_cloud().epoch) == (2, 2)
    fresh = signed(body)  # the control: said again and meant, it counts
    assert send(house, fresh, body)[0] == 200
    assert house.at_cloud().epoch == 3


def test_what_was_handled_is_forgotten_when_a_copy_would_be_out_of_time(held_clock, house):
    send(house, signed(NEWS), NEWS)
    held_clock.move(minutes=12)

    send(house, signed(NEWS), NEWS)

    assert on_cloud(house, HandledRequest) == 1


def test_a_refused_request_may_be_sent_again(house):
    """The client does, with its certificate or by another clock: the same message, another signature."""
    house.client.ask(PATH, NEWS)
    with house.cloud():
        HotKey.objects.all().delete()

    assert house.client.ask(PATH, NEWS) == Reply()

    first, refused, again = [r.headers["Signature"] for r in house.wire.asked]
    assert len({first, refused, again}) == 3


# Who is not believed


@pytest.fixture
def superseded(house):
    """Another box has been enrolled in this one's place, while a sale waited here."""
    append("test.sold.v1", {"n": 1})
    with house.cloud():
        enrol(
            code=new_code(Kiosk.objects.get(pk=KIOSK)),
            device_jwk=MemoryKeystore().create("device"),
            trust_level=1,
        )
    return house


def test_a_superseded_box_hands_in_its_facts_into_quarantine_and_is_told_why(superseded):
    body = message(facts=facts(), cursors={}, grants={"epoch": 1, "grant": None})

    assert send(superseded, signed(body), body) == (200, "")

    told = said(superseded)
    assert told["failed"]["identity"]["code"] == "fleet.device_superseded"
    assert told["facts"]["acked_seq"] == 1
    assert set(told) == {"failed", "facts"}
    with superseded.cloud():
        assert Quarantine.objects.get().code == "fleet.device_superseded"


def test_a_superseded_box_cannot_write_the_journal_of_the_one_after_it(superseded):
    body = message(facts=facts(epoch=2))

    assert send(superseded, signed(body), body) == (200, "")

    assert said(superseded)["failed"]["facts"]["code"] == "fleet.device_superseded"
    with superseded.cloud():
        assert not Chain.objects.filter(epoch=2).exists()


def test_a_revoked_kiosk_is_told_nothing_but_its_facts_are_taken(house):
    append("test.sold.v1", {"n": 1})
    with house.cloud():
        revoke(KIOSK)
    body = message(facts=facts(), cursors={}, grants={"epoch": 1, "grant": None})

    assert send(house, signed(body), body) == (200, "")

    told = said(house)
    assert set(told) == {"failed", "facts"}
    assert told["failed"] == {
        "identity": {"code": "fleet.kiosk_revoked", "message": "This kiosk is not believed any more.", "fields": {}}
    }
    with house.cloud():
        assert Quarantine.objects.get().code == "fleet.kiosk_revoked"
        assert not Device.objects.get().is_live


def test_an_unrevoked_kiosk_s_facts_are_applied(house, monkeypatch):
    from edgeshop.journal import registry

    seen = []
    monkeypatch.setitem(
        registry._handlers, "test.sold.v1", lambda _f, body: seen.append(body["n"]) or registry.Outcome()
    )
    append("test.sold.v1", {"n": 1})
    body = message(facts=facts())

    assert send(house, signed(body), body) == (204, "")

    assert (seen, on_cloud(house, Quarantine)) == ([1], 0)
