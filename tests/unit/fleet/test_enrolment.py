"""How a box becomes a kiosk: a code that works once, soon, and not by guessing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from edgeshop.fleet.errors import CodeRefused, StillUnsent
from edgeshop.fleet.models import Device, EnrolmentCode, HotKey, Kiosk, RevocationList, Shop
from edgeshop.fleet.services import adopt, enrol, new_code, revocations_version, revoke
from edgeshop.journal.models import Chain
from edgeshop.journal.services import append, own_chain, unsent
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.services import (
    MemoryKeystore,
    Revocations,
    StoredKey,
    keystore,
    read_certificate,
    read_revocations,
    verify_jws,
    write_request,
)
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


@pytest.fixture
def box():
    """A box with a key of its own."""
    store = MemoryKeystore()
    store.create("device")
    return StoredKey(store, "device")


def ask(client, code: str, csr: str, **claims):
    return client.post("/fleet/enrol", {"code": code, "csr": csr} | claims, content_type="application/json")


@pytest.mark.parametrize(("claim", "level"), [(0, 0), (1, 1), (2, 2), (3, 2), (99, 2)])
def test_over_http_a_box_may_claim_a_chip_but_not_that_anybody_checked_it(client, kiosk, box, claim, level):
    csr = write_request(signer=box, name="box")

    answer = ask(client, new_code(kiosk), csr, trust_level=claim, hostname="till.local")

    assert (answer.status_code, answer.json()["trust_level"]) == (200, level)
    assert Kiosk.objects.get().trust_level == level


def test_over_http_the_answer_brings_certificate_and_first_grant(client, kiosk, box, held_clock):
    said = ask(client, new_code(kiosk), write_request(signer=box, name="box"), trust_level=1).json()

    device = Device.objects.get()
    claims = verify_jws(said["certificate"], jwk=said["cloud_jwks"][0], typ="device-cert+jwt")
    certificate = read_certificate(claims["certificate"], issuer_jwk=keystore().public_key("device-ca"))
    assert (certificate.subject, certificate.jwk) == (f"kiosk/{KIOSK}", box.jwk)
    assert (device.jwk, device.kid, device.serial) == (box.jwk, box.kid, certificate.serial)
    assert certificate.ends_at == held_clock.at + timedelta(days=400)
    grant = verify_jws(said["welcome"]["grants"]["grant"], jwk=said["cloud_jwks"][0], typ="grant+jwt")
    assert (grant["sub"], grant["epoch"], grant["level"], grant["cnf"]) == (KIOSK, 1, 1, {"jkt": box.kid})


def test_the_key_that_certifies_is_not_the_one_that_grants(client, kiosk, box):
    ask(client, new_code(kiosk), write_request(signer=box, name="box"))

    assert keystore().public_key("device-ca") != keystore().public_key("cloud")


def test_over_http_somebody_else_s_key_cannot_be_enrolled(client, kiosk, box):
    thief = MemoryKeystore()
    thief.create("device")
    borrowed = SimpleNamespace(jwk=box.jwk, kid=box.kid, sign=StoredKey(thief, "device").sign)

    answer = ask(client, new_code(kiosk), write_request(signer=borrowed, name="box"))

    assert (answer.status_code, answer.json()["code"]) == (401, "vault.bad_signature")
    assert (Device.objects.count(), EnrolmentCode.objects.get().tries_left) == (0, 5)


def test_over_http_a_wrong_code_is_a_refusal_in_the_one_shape(client, kiosk, box):
    wrong = changed(new_code(kiosk))

    answer = ask(client, wrong, write_request(signer=box, name="box"))

    said = answer.json()
    assert answer.status_code == 403
    assert (said["code"], said["retry"], said["fields"]) == ("fleet.code_refused", "ask_staff", {})
    assert said["request_id"] == answer.headers["X-Request-Id"]
    assert EnrolmentCode.objects.get().tries_left == 4


@pytest.mark.parametrize("odd", [{"trust_level": -1}, {"csr": {}}, {"csr": "x"}, {"code": None}])
def test_over_http_what_does_not_fit_the_form_changes_nothing(client, kiosk, box, odd):
    fine = {"code": new_code(kiosk), "csr": write_request(signer=box, name="box")}

    answer = client.post("/fleet/enrol", fine | odd, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.invalid_input")
    assert (Kiosk.objects.get().device_jwk, EnrolmentCode.objects.get().tries_left) == (None, 5)


# Devices


def test_another_box_revokes_the_one_before_and_the_list_says_so(kiosk, box_jwk):
    enrol(code=new_code(kiosk), device_jwk=box_jwk, trust_level=1)
    assert revocations_version() == 0  # the control: a first box revokes nobody

    enrol(code=new_code(kiosk), device_jwk=MemoryKeystore().create("device"), trust_level=1)

    old, new = Device.objects.order_by("pk")
    said = listed()
    assert (old.is_live, old.last_epoch, new.is_live) == (False, 1, True)
    assert (said.names(old.pk), said.names(new.pk)) == (True, False)


def listed() -> Revocations:
    newest = RevocationList.objects.order_by("-version").first()
    return read_revocations(newest.token, bytes(newest.bits), jwk=keystore().public_key("cloud"))


def test_the_same_box_enrolled_again_goes_on_as_a_new_device(kiosk, box_jwk):
    enrol(code=new_code(kiosk), device_jwk=box_jwk, trust_level=1)
    revoke(KIOSK)

    done = enrol(code=new_code(kiosk), device_jwk=box_jwk, trust_level=1)

    assert done.epoch == 2
    assert [d.is_live for d in Device.objects.order_by("pk")] == [False, True]


def test_one_key_never_speaks_for_two_kiosks(kiosk, box_jwk):
    bar = make_kiosk(kiosk.shop, pk=13, name="Bar")
    enrol(code=new_code(kiosk), device_jwk=box_jwk, trust_level=1)

    enrol(code=new_code(bar), device_jwk=box_jwk, trust_level=1)

    assert [(d.kiosk_id, d.is_live) for d in Device.objects.order_by("pk")] == [(KIOSK, False), (13, True)]


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
