"""Issuer keys follow each other with an overlap, and a kiosk takes a new one on no word but a trusted key's."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from edgeshop.fleet.errors import CloudUnreachable, IssuersUnvouched, RotationUnderWay
from edgeshop.fleet.models import IssuerKey, Kiosk
from edgeshop.fleet.services import cloud_jwks, cloud_key, replace_issuer, rotate_issuer, rotate_when_old
from edgeshop.fleet.services.issuers import TYP, adopt_issuers, ask_issuers, follow, settles, standing, vouched_lists
from edgeshop.kernel import clock
from edgeshop.sync.services.contact import synchronise
from edgeshop.vault.services import MemoryKeystore, StoredKey, thumbprint, write_jws

pytestmark = [pytest.mark.unit, pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]
DAY = timedelta(days=1)


def rotate(house):
    with house.cloud():
        return rotate_issuer(at=clock.now())


def trusted() -> set[str]:
    return set(ask_issuers()["kids"])


def signing_kid(house) -> str:
    with house.cloud():
        return cloud_key().kid


def test_a_new_key_is_published_a_day_before_it_is_used(db, held_clock):
    first = cloud_key().kid

    fresh = rotate_issuer(at=held_clock.at)

    assert cloud_key().kid == first
    assert {thumbprint(jwk) for jwk in cloud_jwks()} == {first, fresh.kid}
    held_clock.move(hours=24)
    assert cloud_key().kid == fresh.kid


def test_the_old_key_is_good_for_spending_three_days_more_and_for_settling_a_month_more(db, held_clock):
    first = cloud_key().kid
    fresh = rotate_issuer(at=held_clock.at)
    held_clock.move(hours=24)

    held_clock.move(hours=71, minutes=59)
    assert len(cloud_jwks()) == 2
    held_clock.move(minutes=1)
    assert [thumbprint(jwk) for jwk in cloud_jwks()] == [fresh.kid]

    held_clock.move(days=29, hours=23)
    assert settles(first, at=held_clock.at)
    held_clock.move(hours=1)
    assert not settles(first, at=held_clock.at)
    assert settles(fresh.kid, at=held_clock.at)


def test_each_version_says_where_it_stands(db, held_clock):
    cloud_key()
    rotate_issuer(at=held_clock.at)
    seen = []
    for hours in (0, 24, 72, 30 * 24):
        held_clock.move(hours=hours)
        seen.append([state for _, state in standing(at=held_clock.at)])

    assert seen == [["in use", "published"], ["spending", "in use"], ["settling", "in use"], ["retired", "in use"]]


def test_only_one_rotation_at_a_time(db, held_clock):
    rotate_issuer(at=held_clock.at)

    with pytest.raises(RotationUnderWay):
        rotate_issuer(at=held_clock.at)

    assert IssuerKey.objects.count() == 2


def test_a_rotation_begins_by_itself_when_the_key_is_old(db, held_clock):
    cloud_key()
    begun = [rotate_when_old(at=held_clock.move(days=days)) for days in (90, 1, 0, 2, 86, 4)]

    assert begun == [False, True, False, False, False, True]


def test_a_kiosk_learns_a_published_key_in_its_next_contact(house):
    fresh = rotate(house)

    synchronise(house.client)

    assert fresh.kid in trusted()
    assert len(trusted()) == 2


def test_a_kiosk_that_was_away_over_a_rotation_believes_the_answer_of_the_new_key(house, held_clock):
    synchronise(house.client)
    rotate(house)
    held_clock.move(hours=60)
    assert signing_kid(house) not in trusted()

    report = synchronise(house.client)

    assert report.failed == {}
    assert signing_kid(house) in trusted()


def test_a_kiosk_that_was_away_for_sixty_days_walks_the_chain(house, held_clock):
    synchronise(house.client)
    for _ in range(4):
        rotate(house)
        held_clock.move(days=15)
    with house.cloud():
        present = {thumbprint(jwk) for jwk in cloud_jwks()}
    assert not trusted() & present

    synchronise(house.client)

    assert trusted() == {signing_kid(house)}


def test_a_retired_key_is_no_longer_believed_once_the_kiosk_knows(house, held_clock):
    first = signing_kid(house)
    rotate(house)
    synchronise(house.client)
    held_clock.move(days=5)
    synchronise(house.client)

    assert first not in trusted()


def test_an_answer_under_a_key_that_nobody_vouches_for_is_not_believed(house):
    before = trusted()
    with house.cloud():
        replace_issuer(at=clock.now())

    with pytest.raises(CloudUnreachable) as refused:
        synchronise(house.client)

    assert refused.value.fields["why"] == "fleet.issuers_unvouched"
    assert trusted() == before


def test_a_stolen_key_ends_at_once(db, held_clock):
    first = cloud_key().kid
    rotate_issuer(at=held_clock.at)

    fresh = replace_issuer(at=held_clock.move(hours=1))

    assert cloud_key().kid == fresh.kid
    assert [thumbprint(jwk) for jwk in cloud_jwks()] == [fresh.kid]
    assert not settles(first, at=held_clock.at)


def list_by(keys: MemoryKeystore, jwks, *, name: str = "cloud", typ: str = TYP, **claims) -> str:
    said = {"keys": jwks, "iat": int(clock.timestamp()) + 60} | claims
    return write_jws(signer=StoredKey(keys, name), typ=typ, claims=said)


@pytest.mark.parametrize("how", ["stranger", "borrowed_kid", "other_type", "no_keys", "odd_key", "rubbish"])
def test_a_list_that_no_trusted_key_has_signed_changes_nothing(house, how):
    strangers, ours = MemoryKeystore(), MemoryKeystore()
    own, ours_jwk = strangers.create("cloud"), ours.create("cloud")
    Kiosk.objects.update(cloud_jwks=[ours_jwk])
    forged = {
        "stranger": lambda: list_by(strangers, [own]),
        "borrowed_kid": lambda: write_jws(
            signer=StoredKey(strangers, "cloud"), typ=TYP, claims={"keys": [own], "iat": 2**31},
            headers={"kid": thumbprint(ours_jwk)},
        ),
        "other_type": lambda: list_by(ours, [own], typ="grant+jwt"),
        "no_keys": lambda: list_by(ours, []),
        "odd_key": lambda: list_by(ours, [{"kty": "EC"}]),
        "rubbish": lambda: "a.b.c",
    }[how]()  # fmt: skip

    with pytest.raises(IssuersUnvouched):
        adopt_issuers([forged])

    assert Kiosk.objects.get().cloud_jwks == [ours_jwk]
    adopt_issuers([list_by(ours, [ours_jwk, own])])  # the control: a trusted key's word is taken
    assert Kiosk.objects.get().cloud_jwks == [ours_jwk, own]


def test_an_old_list_does_not_bring_a_retired_key_back(house, held_clock):
    rotate(house)
    with house.cloud():
        old = vouched_lists()
    synchronise(house.client)
    held_clock.move(days=5)
    synchronise(house.client)
    kiosk = Kiosk.objects.get()

    with pytest.raises(IssuersUnvouched):
        adopt_issuers(old)

    assert Kiosk.objects.get().cloud_jwks == kiosk.cloud_jwks


def test_following_stops_at_a_missing_link(db, held_clock):
    first = [cloud_key().jwk]
    for _ in range(3):
        rotate_issuer(at=held_clock.at)
        held_clock.move(days=6)
    lists = vouched_lists()

    assert follow(first, 0, lists)[0] == cloud_jwks()
    with pytest.raises(IssuersUnvouched):
        follow(first, 0, lists[1:])


def test_the_command_rotates_and_reports(db, held_clock, settings):
    out = StringIO()
    call_command("rotate_issuer", dry_run=True, stdout=out)
    assert out.getvalue() == ""
    call_command("rotate_issuer", stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["cloud", "cloud-2"]
    with pytest.raises(CommandError, match="rotation_under_way"):
        call_command("rotate_issuer")
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    with pytest.raises(CommandError, match="cloud's"):
        call_command("rotate_issuer")
