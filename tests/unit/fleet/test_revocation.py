"""Revocation within one contact, on both sides, and lists that are not in order."""

import pytest

from edgeshop.fleet.errors import TrustRefused
from edgeshop.fleet.models import Device, Kiosk, RevocationList
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import enrol, new_code, publish_revocations, revocations_version, revoke
from edgeshop.fleet.services.revocation import install_revocations
from edgeshop.journal import contact
from edgeshop.journal.models import Quarantine
from edgeshop.journal.services import append, unsent
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.wire import unpack_answer
from edgeshop.vault.services import MemoryKeystore, StoredKey, keystore, write_revocations
from tests.factories.fleet import KIOSK, make_kiosk

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def is_revoked() -> bool:
    return this_kiosk().revoked_at is not None


def revoke_another(house) -> int:
    """A thirteenth kiosk is enrolled and revoked; its device's number."""
    with house.cloud():
        bar = make_kiosk(Kiosk.objects.get(pk=KIOSK).shop, pk=13, name="Bar")
        enrol(code=new_code(bar), device_jwk=MemoryKeystore().create("device"), trust_level=1)
        revoke(13)
        return Device.objects.get(kiosk=13).pk


def test_a_revoked_kiosk_knows_it_after_one_contact(house):
    synchronise(house.client)
    with house.cloud():
        revoke(KIOSK)
    house.wire.said.clear()
    assert not is_revoked()

    report = synchronise(house.client)

    assert is_revoked()
    assert len(house.wire.said) == 1
    assert report.failed == {"identity": "fleet.kiosk_revoked"}


def test_another_s_revocation_leaves_a_kiosk_alone(house):
    revoke_another(house)

    report = synchronise(house.client)

    assert (is_revoked(), report.failed) == (False, {})
    with house.cloud():
        newest = revocations_version()
    assert revocations_version() == newest > 0


def test_the_list_is_the_first_thing_in_an_answer_and_comes_once(house):
    revoke_another(house)
    append("test.sold.v1", {"n": 1})

    synchronise(house.client)
    synchronise(house.client)

    answers = [unpack_answer(r.content) for r in house.wire.said if r.content]
    assert next(iter(answers[0])) == "revocations"
    assert sum("revocations" in sections for sections in answers) == 1


def test_the_list_is_in_force_before_anything_else_of_the_answer(house, monkeypatch):
    """And so before the next batch of orders goes up."""
    seen = []
    monkeypatch.setitem(
        contact._sections,
        "probe",
        contact.ContactSection(
            "probe", ask=lambda: 1, answer=lambda *_: 1, take=lambda _: seen.append(revocations_version())
        ),
    )
    revoke_another(house)

    synchronise(house.client)

    assert seen[0] > 0


def test_the_cloud_does_not_wait_for_the_kiosk_to_know(house):
    append("test.sold.v1", {"n": 1})
    with house.cloud():
        revoke(KIOSK)

    synchronise(house.client)

    assert unsent().count == 0
    with house.cloud():
        assert Quarantine.objects.get().code == "fleet.kiosk_revoked"


def test_a_superseded_box_finds_itself_on_the_list(house):
    synchronise(house.client)
    with house.cloud():
        enrol(code=new_code(Kiosk.objects.get(pk=KIOSK)), device_jwk=MemoryKeystore().create("device"), trust_level=1)

    report = synchronise(house.client)

    assert is_revoked()
    assert report.failed == {"identity": "fleet.device_superseded"}


def test_a_new_enrolment_ends_it(house):
    with house.cloud():
        revoke(KIOSK)
    synchronise(house.client)
    assert is_revoked()

    house.enrol()
    report = synchronise(house.new_client())

    assert (is_revoked(), report.failed) == (False, {})


def test_revoking_twice_says_it_once(house):
    with house.cloud():
        revoke(KIOSK)
        first = revocations_version()

        revoke(KIOSK)

        assert revocations_version() == first


def test_versions_rise_also_when_the_clock_falls(held_clock, house):
    with house.cloud():
        first = publish_revocations()
        held_clock.move(days=-30)

        assert publish_revocations() == first + 1


# Lists that are not in order


def listed(version: int, *, key: StoredKey | None = None, named: frozenset[int] = frozenset()) -> tuple[str, bytes]:
    signer = key or StoredKey(keystore(), "cloud")
    return write_revocations(signer=signer, version=version, revoked=named, issued_s=1_800_000_000)


def test_a_newer_list_takes_the_place_of_the_one_before(house):
    install_revocations(*listed(5))
    install_revocations(*listed(9, named=frozenset({7})))
    install_revocations(*listed(9, named=frozenset({7})))

    assert [r.version for r in RevocationList.objects.all()] == [9]


def test_an_older_list_is_refused_and_frees_nobody(house):
    own = Device.objects.get(kiosk__is_self=True).pk
    install_revocations(*listed(9, named=frozenset({own})))

    with pytest.raises(TrustRefused, match="older"):
        install_revocations(*listed(8))

    assert (is_revoked(), revocations_version()) == (True, 9)


def test_a_list_by_somebody_else_is_refused(house):
    store = MemoryKeystore()
    store.create("cloud")
    own = Device.objects.get(kiosk__is_self=True).pk

    with pytest.raises(TrustRefused):
        install_revocations(*listed(9, key=StoredKey(store, "cloud"), named=frozenset({own})))

    assert (is_revoked(), revocations_version()) == (False, 0)


def test_a_list_with_other_bits_is_refused_in_a_contact_and_logged(house, monkeypatch, caplog):
    with house.cloud():
        revoke(KIOSK)
        RevocationList.objects.update(bits=listed(1)[1])

    report = synchronise(house.client)

    assert (is_revoked(), revocations_version()) == (False, 0)
    assert report.failed["revocations"] == "fleet.trust_refused"
    assert "a revocation list was refused" in caplog.text
