"""Signed HTTP between the real client and the real door: who is heard, and which answers are believed."""

import json
from datetime import timedelta

import pytest
import requests
from requests.adapters import HTTPAdapter

from edgeshop.fleet.errors import CloudRefused, CloudUnreachable
from edgeshop.fleet.models import HotKey, Kiosk
from edgeshop.fleet.services import Reply, adopt, hot_key, ready_keys
from edgeshop.fleet.services.exchange import CERTIFICATE_HEADER
from edgeshop.fleet.services.keys import DEVICE_KEY, subject_of
from edgeshop.sync.services.wire import pack_answer
from edgeshop.vault.services import MemoryKeystore, hot_keys, key_name, new_hot_key, sign_request
from edgeshop.vault.services.p256 import to_point
from tests.factories.fleet import KIOSK, make_kiosk, told
from tests.factories.messages import message

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PATH = "/sync"
NOTHING = message()
SOMETHING = message({"epoch": 1, "first": 9, "kinds": ["x"], "bodies": [b"{}"], "head": b""})


def post(house, body: bytes = NOTHING, path: str = PATH) -> Reply:
    return house.client.ask(path, body)


def refusal(house, **options) -> tuple[int, str]:
    with pytest.raises(CloudRefused) as refused:
        post(house, **options)
    return refused.value.fields["status"], refused.value.fields["cloud_code"]


def disbelieved(house, **options) -> str:
    with pytest.raises(CloudUnreachable) as refused:
        post(house, **options)
    return str(refused.value.fields["how"])


def raw(house, headers: dict[str, str], body: bytes = NOTHING, path: str = PATH) -> tuple[int, str]:
    """A request as somebody else would send it."""
    answer = house.client._session.send(
        requests.Request("POST", house.client._base + path, headers, data=body).prepare()
    )
    return answer.status_code, answer.json()["code"] if answer.content else ""


def test_a_signed_contact_is_answered_with_a_signature_for_this_request(house):
    assert post(house) == Reply()

    assert [r.status_code for r in house.wire.said] == [204]
    assert {"signature", "signature-input"} <= {name.lower() for name in house.wire.said[0].headers}


def test_a_kiosk_introduces_itself_once(house):
    post(house)
    post(house)

    assert [CERTIFICATE_HEADER in r.headers for r in house.wire.asked] == [True, False]
    with house.cloud():
        assert HotKey.objects.get().kiosk_id == KIOSK


def test_a_cloud_that_has_forgotten_the_key_is_told_again(house):
    post(house)
    with house.cloud():
        HotKey.objects.all().delete()

    assert post(house) == Reply()

    assert [r.status_code for r in house.wire.said] == [204, 401, 204]
    assert house.wire.said[1].json()["code"] == "fleet.key_unknown"


def test_a_request_without_a_signature_is_refused(house):
    assert raw(house, {}) == (401, "fleet.signature_refused")


@pytest.mark.parametrize("what", ["body", "path", "stripped body"])
def test_a_request_changed_on_its_way_is_refused(house, what):
    post(house)
    signed = signed_by(hot_key(), house)
    changed = {"body": {"body": SOMETHING}, "path": {"path": f"{PATH}?x=1"}, "stripped body": {"body": b""}}[what]

    assert raw(house, signed, **changed) == (401, "fleet.signature_refused")


def signed_by(hot, house) -> dict[str, str]:
    return sign_request("POST", house.client._base + PATH, {}, NOTHING, key=hot, keyid=key_name(hot.kid))


def test_a_key_that_nobody_vouches_for_is_not_heard(house):
    post(house)
    stranger = new_hot_key(subject=subject_of(KIOSK), keystore=with_key(MemoryKeystore()), key=DEVICE_KEY)
    signed = sign_request("POST", house.client._base + PATH, {}, NOTHING, key=stranger)

    assert raw(house, signed) == (401, "fleet.key_unknown")


def with_key(keystore: MemoryKeystore) -> MemoryKeystore:
    keystore.create(DEVICE_KEY)
    return keystore


def test_a_certificate_by_another_device_is_refused(house):
    thief = new_hot_key(subject=subject_of(KIOSK), keystore=with_key(MemoryKeystore()), key=DEVICE_KEY)
    headers = {CERTIFICATE_HEADER: thief.certificate}
    signed = sign_request("POST", house.client._base + PATH, headers, NOTHING, key=thief)

    assert raw(house, signed) == (401, "fleet.signature_refused")
    with house.cloud():
        assert HotKey.objects.count() == 0


@pytest.mark.parametrize("subject", ["kiosk/99", "kiosk/-1", "kiosk/٣", "kiosk/" + "9" * 5000, "shop/12", "", "kiosk/"])
def test_a_certificate_for_nobody_we_know_is_refused(house, subject):
    odd = new_hot_key(subject=subject, key=DEVICE_KEY)
    signed = sign_request("POST", house.client._base + PATH, {CERTIFICATE_HEADER: odd.certificate}, NOTHING, key=odd)

    assert raw(house, signed) == (401, "fleet.signature_refused")


def test_a_kiosk_cannot_vouch_for_another_kiosk_s_key(house):
    post(house)
    other = with_key(MemoryKeystore())
    with house.cloud():
        bar = make_kiosk(Kiosk.objects.get(pk=KIOSK).shop, pk=13, name="Bar", device_jwk=other.public_key(DEVICE_KEY))
    stolen = other_certificate(other, hot_key(), bar.pk)
    signed = sign_request("POST", house.client._base + PATH, {CERTIFICATE_HEADER: stolen}, NOTHING, key=hot_key())

    assert raw(house, signed) == (401, "fleet.signature_refused")
    with house.cloud():
        assert HotKey.objects.get().kiosk_id == KIOSK


def other_certificate(keystore: MemoryKeystore, victim, kiosk_id: int) -> str:
    claims = {"key": to_point(victim.jwk), "sub": subject_of(kiosk_id), "iat": victim.issued_s, "exp": victim.expires_s}
    return hot_keys.sign_jws(keystore=keystore, key=DEVICE_KEY, typ=hot_keys.TYP, claims=claims)


def test_an_answer_to_another_request_is_not_believed(house):
    post(house)
    first = house.wire.said[0]
    house.wire.on_the_way_down = lambda _answer: first

    assert disbelieved(house) == "not_ours"


@pytest.mark.parametrize("what", ["status", "body", "signature"])
def test_an_answer_changed_on_its_way_is_not_believed(house, what):
    def change(answer: requests.Response) -> requests.Response:
        if what == "status":
            answer.status_code = 204
        elif what == "body":
            answer._content = pack_answer({})
        else:
            del answer.headers["Signature"]
        return answer

    house.wire.on_the_way_down = change

    assert disbelieved(house, body=SOMETHING) == "not_ours"


def test_an_answer_by_another_cloud_is_not_believed(house):
    Kiosk.objects.update(cloud_jwks=[MemoryKeystore().create("cloud")])

    assert disbelieved(house) == "not_ours"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Welcome to our Wi-Fi</html>"),
        (302, b""),
        (503, b'{"error": "upstream"}'),
        (502, b"<html>"),
        (500, b"[]"),
    ],
)
def test_what_a_hotspot_or_a_gateway_says_is_not_the_cloud_s_word(house, status, body):
    def portal(answer: requests.Response) -> requests.Response:
        answer.status_code, answer._content, answer.headers = status, body, {"Content-Type": "text/html"}
        return answer

    house.wire.on_the_way_down = portal

    assert disbelieved(house) == "not_ours"


@pytest.mark.parametrize(
    ("trouble", "how"),
    [
        (requests.ConnectTimeout(), "refused"),
        (requests.ReadTimeout(), "timed_out"),
        (requests.ConnectionError(), "broke_off"),
        (requests.exceptions.ChunkedEncodingError(), "malformed"),
    ],
)
def test_a_link_in_trouble_says_how_far_we_got(house, trouble, how):
    def fail(_request) -> None:
        raise trouble

    house.wire.on_the_way_up = fail

    assert disbelieved(house) == how


def test_where_nobody_listens_nothing_has_arrived(house):
    house.client._session.mount("http://", HTTPAdapter())
    house.client._base = "http://127.0.0.1:9"

    assert disbelieved(house) == "refused"


@pytest.mark.parametrize("wrong_by", [timedelta(days=-20_000), timedelta(days=3)])
def test_a_kiosk_with_a_dead_clock_signs_by_the_cloud_s_time(house, held_clock, wrong_by):
    real, on_cloud = held_clock.at, house.wire.on_cloud
    held_clock.at = real + wrong_by

    def at_real_time():
        held_clock.at = real
        return on_cloud()

    def back(answer: requests.Response) -> requests.Response:
        held_clock.at = real + wrong_by
        return answer

    house.wire.on_cloud, house.wire.on_the_way_down = at_real_time, back

    assert post(house) == Reply()
    assert post(house) == Reply()

    assert [r.status_code for r in house.wire.said] == [401, 204, 204]
    assert house.wire.said[0].json()["code"] == "fleet.clock_wrong"


def test_a_stranger_does_not_tell_a_kiosk_the_time(house):
    def lie(answer: requests.Response) -> requests.Response:
        answer.status_code = 401
        answer._content = json.dumps({"code": "fleet.clock_wrong", "fields": {"now_s": 4_000_000_000}}).encode()
        return answer

    house.wire.on_the_way_down = lie

    assert disbelieved(house) == "not_ours"
    assert house.client._behind_s == 0


def test_old_keys_of_a_kiosk_are_forgotten_when_it_introduces_a_new_one(house, held_clock):
    post(house)
    held_clock.move(days=2)

    post(house)

    with house.cloud():
        assert HotKey.objects.count() == 1


def test_a_file_that_the_cloud_lacks_is_refused(house):
    with pytest.raises(CloudRefused) as refused:
        house.client.get(f"/media/{'0' * 64}")

    assert refused.value.fields["status"] == 404


def test_an_unenrolled_box_has_no_key_to_speak_with(house):
    Kiosk.objects.update(is_self=False)
    with pytest.raises(Exception, match="not enrolled"):
        post(house)
    assert house.wire.asked == []

    adopt(told(cloud_jwks=[ready_keys(is_ledger=True)]))

    assert post(house) == Reply()
