"""Grants: signed by the cloud, cumulative, refilled by what clears, and never won twice by a restore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from edgeshop.checkout.errors import GrantInvalid, LimitExceeded
from edgeshop.checkout.models import Grant, Number
from edgeshop.checkout.services import close_epochs, install_grant, issue_grant, move_order, room, sell_at_counter
from edgeshop.checkout.services.grant_issue import answer_grant
from edgeshop.checkout.services.grants import TYP, ask_grant, take_grant
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import cloud_key
from edgeshop.journal.models import Chain
from edgeshop.journal.services import open_chain
from edgeshop.kernel import clock
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import MemoryKeystore, StoredKey, peek_jws, write_jws
from tests.factories.checkout import DOLL, Browser, Cloud, HeldClock, place

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def real_policy(kiosk: Kiosk, settings: Any) -> None:
    """The bounds that real kiosks get."""
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, limits=REAL))


def contact(cloud: Cloud) -> bool:
    """The grants section of one contact; answers whether the cloud had anything to say."""
    asked = ask_grant()
    with cloud():
        told = answer_grant(12, asked)
    if told is not None:
        take_grant(told)
    return told is not None


@pytest.mark.parametrize(
    ("level", "bounds"),
    [(3, (200_000, 15_000, 200)), (2, (100_000, 15_000, 200)), (1, (20_000, 5_000, 50)), (0, (5_000, 5_000, 10))],
)
def test_the_window_follows_the_trust_level(cloud: Cloud, level: int, bounds: tuple[int, int, int]) -> None:
    with cloud():
        Kiosk.objects.update(trust_level=level)
        claims = peek_jws(issue_grant(12))[1]

    assert (claims["sum_ceil"], claims["order_max"], claims["count_ceil"]) == bounds
    assert (claims["sub"], claims["epoch"], claims["level"], claims["currency"]) == (12, 1, level, "EUR")
    assert 0 < claims["soft"] - claims["iat"] < claims["exp"] - claims["iat"]


def test_a_kiosk_is_given_a_grant_once_and_again_when_it_is_half_worn(cloud: Cloud, held_clock: HeldClock) -> None:
    assert [contact(cloud), contact(cloud)] == [True, False]

    held_clock.move(hours=3, minutes=59)
    assert not contact(cloud)
    held_clock.move(minutes=2)
    assert contact(cloud)

    assert Grant.objects.count() == 2


def test_a_lost_answer_brings_the_same_grant_again(cloud: Cloud) -> None:
    asked = ask_grant()
    with cloud():
        first, second = answer_grant(12, asked), answer_grant(12, asked)

    assert first == second


def test_money_that_clears_refills_the_window(cloud: Cloud, held_clock: HeldClock) -> None:
    contact(cloud)
    ada = Browser().sit()
    ada.fetch_tokens(1)
    number = place(ada.order((DOLL, 1), tender="invoice")).number
    cloud.contact()
    held_clock.move(minutes=2)
    assert not contact(cloud)

    with cloud():
        move_order(number=number, payment="cleared", by="cleo", at=clock.now())

    assert contact(cloud)
    assert Grant.objects.first().sum_ceil_minor == 20_000 + 1_050


@pytest.fixture
def second_life(cloud: Cloud) -> None:
    """The kiosk sold one doll on the grant, holds one token, has told it all, and is in its second epoch."""
    contact(cloud)
    ada = Browser().sit()
    ada.fetch_tokens(2)
    place(ada.order((DOLL, 1), tender="invoice"))
    cloud.contact()
    with cloud():
        Kiosk.objects.update(epoch=2)
    Kiosk.objects.update(epoch=2)
    open_chain(device_id=12, epoch=2)


def test_a_new_epoch_reckons_that_the_old_window_is_gone(cloud: Cloud, second_life: None) -> None:
    contact(cloud)

    assert (Grant.objects.get(epoch=2).sum_ceil_minor, Grant.objects.get(epoch=2).count_ceil) == (0, 0)


def test_a_new_epoch_starts_with_what_the_old_one_left_when_people_have_counted(
    cloud: Cloud, second_life: None
) -> None:
    with cloud():
        assert close_epochs(kiosk_id=12, before=2, by="cleo", at=clock.now()) == [1]
        assert close_epochs(kiosk_id=12, before=2, by="cleo", at=clock.now()) == []

    contact(cloud)

    assert Grant.objects.get(epoch=2).sum_ceil_minor == 20_000 - 1_050 - 5_000
    assert Grant.objects.get(epoch=2).count_ceil == 48


@pytest.mark.parametrize(("lost", "left"), [(0, 20_000 - 1_050 - 5_000), (1, 0)])
def test_a_journal_that_the_cloud_has_to_its_last_word_closes_its_epoch(
    cloud: Cloud, second_life: None, lost: int, left: int
) -> None:
    chain = Chain.objects.get(epoch=1)
    with cloud():
        answer_grant(12, {"epoch": 1, "grant": None, "last": [1, chain.seq + lost, bytes(chain.head)]})
        assert Grant.objects.get(epoch=2).sum_ceil_minor == left


def test_who_enrols_a_box_anew_vouches_for_what_was_before(
    cloud: Cloud, second_life: None, held_clock: HeldClock
) -> None:
    with cloud():
        Kiosk.objects.update(enrolled_at=held_clock.move(minutes=1))
        assert peek_jws(issue_grant(12))[1]["sum_ceil"] == 20_000 - 1_050 - 5_000


def test_the_fleet_s_open_windows_stay_within_its_own(cloud: Cloud, settings: Any, held_clock: HeldClock) -> None:
    knobs = replace(settings.EDGESHOP.checkout, fleet_window_max=500)
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=knobs)
    with cloud():
        for pk in (13, 14):
            Kiosk.objects.create(pk=pk, shop_id=3, name=f"Till {pk}", epoch=1, trust_level=1)
        windows = [peek_jws(issue_grant(pk))[1]["window"] for pk in (12, 13, 14, 12)]
        held_clock.move(hours=25)
        later = peek_jws(issue_grant(14))[1]["window"]

    assert windows == [20_000, 20_000, 10_000, 20_000]
    assert later == 20_000


def test_only_a_grant_that_was_cut_short_is_held_against_the_whole_fleet(
    cloud: Cloud, settings: Any, held_clock: HeldClock
) -> None:
    knobs = replace(settings.EDGESHOP.checkout, fleet_window_max=300)
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=knobs)
    with cloud():
        Kiosk.objects.create(pk=13, shop_id=3, name="Till 13", epoch=1, trust_level=1)
        grants = {pk: peek_jws(issue_grant(pk))[1] for pk in (12, 13)}
        held_clock.move(minutes=2)
        looks = {pk: _looks_at_the_fleet(pk, grants[pk]["jti"]) for pk in (12, 13)}

    assert {pk: grant["window"] for pk, grant in grants.items()} == {12: 20_000, 13: 10_000}
    assert looks == {12: 0, 13: 1}


def _looks_at_the_fleet(kiosk_id: int, grant: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer_grant(kiosk_id, {"epoch": 1, "grant": grant, "receipts": 1})
    return sum('U0."window_minor"' in query["sql"] for query in asked.captured_queries)


def test_a_box_without_the_device_key_has_no_room(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    contact(cloud)
    ada = Browser().sit()
    ada.fetch_tokens(1)
    monkeypatch.setattr(room, "level_for", lambda _name, _kid: None)  # as its keystore would say

    ada.fetch_tokens(1)

    assert list(Number.objects.values_list("max_minor", flat=True)) == [5_000, 0]
    with pytest.raises(LimitExceeded):
        sell_at_counter(lines=[(DOLL, 1)], tender="invoice", staff="ben", at=clock.now())


def signed(**claims: Any) -> str:
    """The kiosk's grant with other claims, under the cloud's own key."""
    return write_jws(signer=cloud_key(), typ=TYP, claims=peek_jws(Grant.objects.get().jws)[1] | claims)


def test_a_grant_for_another_kiosk_or_currency_is_refused(cloud: Cloud) -> None:
    contact(cloud)

    for jws in (signed(sub=13, jti="0192a000-0000-7000-8000-000000000000"), signed(currency="USD")):
        with pytest.raises(GrantInvalid):
            install_grant(jws)

    assert Grant.objects.count() == 1


def test_a_grant_by_anybody_else_is_refused(cloud: Cloud) -> None:
    contact(cloud)
    keys = MemoryKeystore()
    keys.create("cloud")
    claims = peek_jws(Grant.objects.get().jws)[1]
    forged = write_jws(signer=StoredKey(keys, "cloud"), typ=TYP, claims=claims | {"sum_ceil": 10**9})
    under_our_name = write_jws(
        signer=StoredKey(keys, "cloud"), typ=TYP, claims=claims, headers={"kid": cloud_key().kid}
    )
    head, body, signature = Grant.objects.get().jws.split(".")

    for jws in (forged, under_our_name, f"{head}.{body[:-2]}AA.{signature}", "rubbish"):
        with pytest.raises(GrantInvalid):
            install_grant(jws)

    assert Grant.objects.get().sum_ceil_minor == 20_000


def test_past_its_hard_expiry_a_grant_is_worth_nothing(cloud: Cloud, held_clock: HeldClock) -> None:
    contact(cloud)
    Grant.objects.update(soft_at=clock.now(), hard_at=clock.now() + timedelta(seconds=1))
    held_clock.move(seconds=1)

    Browser().sit().fetch_tokens(1)

    assert Number.objects.get().max_minor == 0
