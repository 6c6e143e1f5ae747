"""How a box becomes a kiosk: a code that works once, soon, and not by guessing."""

import pytest

from edgeshop.fleet.errors import CodeRefused, StillUnsent
from edgeshop.fleet.models import EnrolmentCode, HotKey, Kiosk, Shop
from edgeshop.fleet.services import adopt, enrol, new_code, revoke
from edgeshop.journal.models import Chain
from edgeshop.journal.services import append, own_chain, unsent
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.services import MemoryKeystore, keystore
from tests.factories.fleet import KIOSK, make_kiosk, told

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def box_jwk():
    return MemoryKeystore().create("device")


def refused(code: str, jwk: dict[str, str]) -> bool:
    with pytest.raises(CodeRefused):
        enrol(code=code, device_jwk=jwk, trust_level=1)
    return True


def changed(code: str) -> str:
    """The same code with another last letter."""
    return code[:-1] + ("2" if code[-1] != "2" else "3")


def test_enrol_makes_the_box_the_kiosk_of_the_code(kiosk, box_jwk, held_clock):
    done = enrol(code=new_code(kiosk), device_jwk=box_jwk, trust_level=1)

    kiosk.refresh_from_db()
    assert (done.kiosk_id, done.kiosk_name, done.shop_id, done.epoch) == (KIOSK, "Till", kiosk.shop_id, 1)
    assert done.shop == {
        "name": "Corner", "currency": "EUR", "exponent": 2, "inclusive": True, "timezone": "UTC",
        "languages": ["en", "de"], "default_language": "en", "region": "home",
    }  # fmt: skip
    assert done.cloud_jwks == [keystore().public_key("cloud")]
    assert (kiosk.device_jwk, kiosk.enrolled_at, kiosk.epoch) == (box_jwk, held_clock.at, 1)


def test_a_code_is_read_as_people_type_it(kiosk, box_jwk):
    code = new_code(kiosk)

    assert enrol(code=f" {code.lower().replace('-', ' ')} ", device_jwk=box_jwk, trust_level=1).kiosk_id == KIOSK


def test_a_code_works_once(kiosk, box_jwk):
    code = new_code(kiosk)
    enrol(code=code, device_jwk=box_jwk, trust_level=1)

    assert refused(code, box_jwk)
    assert (Kiosk.objects.get().epoch, EnrolmentCode.objects.count()) == (1, 0)


def test_a_code_is_over_after_fifteen_minutes(kiosk, box_jwk, held_clock):
    code = new_code(kiosk)

    held_clock.move(minutes=15)

    assert refused(code, box_jwk)
    assert Kiosk.objects.get().device_jwk is None


def test_five_wrong_tries_use_up_a_code_and_leave_the_others_alone(kiosk, box_jwk):
    code, other = new_code(kiosk), new_code(make_kiosk(kiosk.shop, pk=13, name="Bar"))

    assert all(refused(changed(code), box_jwk) for _ in range(5))

    assert refused(code, box_jwk)
    assert Kiosk.objects.get(pk=KIOSK).epoch == 0
    assert enrol(code=other, device_jwk=box_jwk, trust_level=1).kiosk_id == 13


def test_a_stranger_who_guesses_blindly_uses_up_nobody_s_tries(kiosk, box_jwk):
    code = new_code(kiosk)

    assert all(refused(guess, box_jwk) for guess in ["", "22222-22222-2222", "?", "x" * 5000] * 2)

    assert EnrolmentCode.objects.get().tries_left == 5
    assert enrol(code=code, device_jwk=box_jwk, trust_level=1).epoch == 1


def test_a_new_code_ends_the_one_before(kiosk, box_jwk):
    first, second = new_code(kiosk), new_code(kiosk)

    assert refused(first, box_jwk)
    assert enrol(code=second, device_jwk=box_jwk, trust_level=1).epoch == 1


def test_only_the_hash_of_a_code_is_kept(kiosk):
    code = new_code(kiosk).replace("-", "")

    row = EnrolmentCode.objects.values().get()

    assert len(code) == 14
    assert not any(code[5:] in str(value) for value in row.values())


def test_an_odd_key_is_refused_before_the_code_is_touched(kiosk):
    code = new_code(kiosk)

    with pytest.raises(InvalidInput):
        enrol(code=code, device_jwk={"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}, trust_level=1)

    assert EnrolmentCode.objects.get().tries_left == 5


def test_a_second_box_supersedes_the_first_and_its_hot_keys(kiosk, box_jwk, held_clock):
    enrol(code=new_code(kiosk), device_jwk=box_jwk, trust_level=1)
    HotKey.objects.create(kid="old", kiosk=kiosk, jwk=box_jwk, expires_at=held_clock.at)
    revoke(kiosk.pk)

    done = enrol(code=new_code(kiosk), device_jwk=MemoryKeystore().create("device"), trust_level=1)

    kiosk.refresh_from_db()
    assert (done.epoch, kiosk.revoked_at, HotKey.objects.count()) == (2, None, 0)


def test_over_http_a_box_may_not_claim_a_chip(client, kiosk, box_jwk):
    body = {"code": new_code(kiosk), "device_jwk": box_jwk, "trust_level": 3, "hostname": "till.local"}

    answer = client.post("/fleet/enrol", body, content_type="application/json")

    assert (answer.status_code, answer.json()["trust_level"]) == (200, 1)
    assert Kiosk.objects.get().trust_level == 1


def test_over_http_a_wrong_code_is_a_refusal_in_the_one_shape(client, kiosk, box_jwk):
    wrong = changed(new_code(kiosk))

    answer = client.post("/fleet/enrol", {"code": wrong, "device_jwk": box_jwk}, content_type="application/json")

    said = answer.json()
    assert answer.status_code == 403
    assert (said["code"], said["retry"], said["fields"]) == ("fleet.code_refused", "ask_staff", {})
    assert said["request_id"] == answer.headers["X-Request-Id"]
    assert EnrolmentCode.objects.get().tries_left == 4


@pytest.mark.parametrize("odd", [{"trust_level": -1}, {"device_jwk": "x"}, {"code": None}])
def test_over_http_what_does_not_fit_the_form_changes_nothing(client, kiosk, box_jwk, odd):
    body = {"code": new_code(kiosk), "device_jwk": box_jwk} | odd

    answer = client.post("/fleet/enrol", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.invalid_input")
    assert (Kiosk.objects.get().device_jwk, EnrolmentCode.objects.get().tries_left) == (None, 5)


def test_adopt_becomes_the_kiosk_and_opens_its_journal(db):
    kiosk = adopt(told(epoch=4))

    assert (kiosk.pk, kiosk.is_self, kiosk.epoch, kiosk.is_epoch_stale) == (KIOSK, True, 4, False)
    assert Shop.objects.get().name == "Corner"
    assert (own_chain().device_id, own_chain().epoch) == (KIOSK, 4)


def test_enrolled_again_a_box_sends_what_still_waits_under_its_new_epoch(db):
    adopt(told(epoch=1))
    fact = append("test.sold.v1", {"n": 1})

    adopt(told(epoch=2))

    assert (own_chain().epoch, own_chain().seq, unsent().count) == (2, 1, 1)
    assert bytes(own_chain().head) == fact.chain  # the same first fact after the same beginning


def test_a_box_that_holds_another_kiosk_s_sales_does_not_change_sides(db):
    adopt(told(epoch=1))
    append("test.sold.v1", {"n": 1})

    with pytest.raises(StillUnsent):
        adopt(told(kiosk_id=13, kiosk_name="Bar"))

    assert (Kiosk.objects.get().pk, Chain.objects.get().device_id) == (KIOSK, KIOSK)
