"""Device certificates in the life of a kiosk: given at enrolment, renewed in a contact, and nobody else's is taken."""

import pytest

from edgeshop.fleet.errors import NoChip, TrustRefused
from edgeshop.fleet.models import Device, Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import hot_key, note_checked_chip, revoke
from edgeshop.fleet.services.certification import certificate_token, install_certificate
from edgeshop.fleet.services.keys import device_ca
from edgeshop.journal.services import append, unsent
from edgeshop.kernel import clock
from edgeshop.sync.services import synchronise
from edgeshop.vault.services import MemoryKeystore, StoredKey, issue_certificate, keystore, write_jws
from tests.factories.fleet import KIOSK

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def own() -> Device:
    return Device.objects.get(kiosk__is_self=True)


def test_an_enrolled_kiosk_holds_the_certificate_that_the_cloud_gave_it(held_clock, house):
    with house.cloud():
        given = Device.objects.get()

    held = own()
    assert (held.pk, held.serial, held.certificate) == (given.pk, given.serial, given.certificate)
    assert held.jwk == keystore().public_key("device")


@pytest.mark.parametrize(("days", "is_renewed"), [(0, False), (265, False), (267, True), (425, True)])
def test_it_renews_by_itself_when_a_third_of_its_life_is_left_and_also_after_its_end(
    held_clock, house, days, is_renewed
):
    """Off for fourteen months, and it is heard, renewed and has its sales taken in the first run."""
    synchronise(house.client)
    before = own()
    append("test.sold.v1", {"n": 1})
    held_clock.move(days=days)

    report = synchronise(house.new_client())

    now = own()
    assert (now.serial != before.serial) == is_renewed
    assert now.pk == before.pk
    assert now.ends_at > held_clock.at
    assert (report.failed, unsent().count) == ({}, 0)


def test_a_lost_answer_brings_the_same_certificate_again(held_clock, house):
    held_clock.move(days=300)

    def lose(answer):
        house.wire.on_the_way_down = lambda kept: kept
        raise ConnectionResetError

    house.wire.on_the_way_down = lose
    with pytest.raises(ConnectionResetError):
        synchronise(house.client)
    with house.cloud():
        given = Device.objects.get().serial

    synchronise(house.client)

    assert own().serial == given


def test_a_revoked_kiosk_is_not_renewed(held_clock, house):
    before = own().serial
    with house.cloud():
        revoke(KIOSK)
    held_clock.move(days=300)

    synchronise(house.client)

    assert own().serial == before
    with house.cloud():
        assert Device.objects.get().serial == before


def test_an_older_certificate_does_not_come_back(held_clock, house):
    with house.cloud():
        old = certificate_token(Device.objects.get())
    held_clock.move(days=300)
    synchronise(house.client)
    newest = own().serial

    with pytest.raises(TrustRefused, match="newer"):
        install_certificate(old)

    assert own().serial == newest


def forged(**odd) -> str:
    """A token with one thing wrong; none of `odd` and it is fine."""
    store = MemoryKeystore()
    store.create("other")
    stranger, ca = StoredKey(store, "other"), device_ca()
    jwk = stranger.jwk if odd.get("another key") else keystore().public_key("device")
    subject = "kiosk/13" if odd.get("another subject") else f"kiosk/{KIOSK}"
    issuer = stranger if odd.get("another CA") else ca
    claims = {
        "sub": 13 if odd.get("another kiosk") else KIOSK,
        "device": "1" if odd.get("no number") else own().pk,
        "iat": 0,
        "certificate": issue_certificate(jwk=jwk, subject=subject, issuer=issuer, at=clock.now()),
        "ca": ca.jwk,
    }
    signer = stranger if odd.get("another cloud") else StoredKey(keystore(), "cloud")
    typ = "grant+jwt" if odd.get("another type") else "device-cert+jwt"
    token = write_jws(signer=signer, typ=typ, claims=claims)
    return token[:-4] + "AAAA" if odd.get("changed") else token


WRONG = [
    "another key", "another subject", "another CA", "another kiosk", "no number", "another cloud", "another type",
    "changed",
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_ours_is_refused_and_what_we_have_stays(house, wrong):
    before = own().serial

    with pytest.raises(TrustRefused):
        install_certificate(forged(**{wrong: True}))

    assert own().serial == before


def test_the_same_with_nothing_wrong_is_taken(house):
    before = own().serial

    install_certificate(forged())

    assert own().serial != before


def test_a_kiosk_from_before_there_were_certificates_gets_one_at_its_next_contact(house):
    Device.objects.all().delete()

    synchronise(house.client)

    assert own().ends_at > clock.now()
    assert hot_key().certificate


# Levels


def levels(house) -> tuple[int, int]:
    return house.at_cloud().trust_level, this_kiosk().trust_level


def with_level(house, level: int) -> None:
    Kiosk.objects.update(trust_level=level)
    with house.cloud():
        Kiosk.objects.update(trust_level=level)


@pytest.mark.parametrize(
    ("before", "keystore_says", "after"),
    [(2, 2, 2), (3, 2, 3), (2, 1, 1), (3, 1, 1), (1, 2, 1), (1, 3, 1), (0, 2, 0), (1, 0, 0)],
)
def test_a_level_falls_by_itself_and_never_rises(house, monkeypatch, before, keystore_says, after):
    with_level(house, before)
    monkeypatch.setattr(type(keystore()), "trust_level", keystore_says)

    synchronise(house.client)

    assert levels(house) == (after, after)


def test_a_person_raises_a_kiosk_whose_chip_was_checked_and_the_kiosk_hears_of_it(house, monkeypatch):
    monkeypatch.setattr(type(keystore()), "trust_level", 2)
    with_level(house, 2)
    with house.cloud():
        note_checked_chip(KIOSK)

    synchronise(house.client)

    assert levels(house) == (3, 3)


@pytest.mark.parametrize("level", [0, 1, 3])
def test_only_a_chip_can_be_checked(house, level):
    with_level(house, level)

    with house.cloud(), pytest.raises(NoChip):
        note_checked_chip(KIOSK)

    assert house.at_cloud().trust_level == level
