"""Leases between a kiosk and its cloud: given when lacking, renewed when stale, taken back when revoked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from edgeshop.fleet.models import Kiosk, LeaseSecret, Shop
from edgeshop.fleet.services import keep_secret, lease, lease_before, lease_standings, renew_vapid, revoke_secret
from edgeshop.fleet.services import secrets as cloud_secrets
from edgeshop.fleet.services.lease_section import answer_leases, ask_leases, take_leases
from edgeshop.fleet.services.leases import lent
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError, InvalidInput
from edgeshop.vault.services import MemoryKeystore, keystore, read_vapid_secret
from tests.factories.fleet import KIOSK, SHOP, House

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@dataclass
class Boot:
    """Seconds since boot, moved with the wall."""

    at_s: float = 1000.0

    def seconds(self) -> float:
        return self.at_s


@pytest.fixture
def time(held_clock, monkeypatch):
    """Moves wall and boot together, as time does: `time(hours=3)`."""
    boot = Boot()
    monkeypatch.setattr(clock, "boot_s", boot.seconds)

    def move(**delta: float) -> None:
        held_clock.move(**delta)
        boot.at_s += timedelta(**delta).total_seconds()

    return move


def contact(house: House, *, answer_arrives: bool = True) -> Any:
    """The section of one contact; what the cloud said."""
    asked = ask_leases()
    with house.cloud():
        told = answer_leases(KIOSK, asked)
    if told is not None and answer_arrives:
        take_leases(told)
    return told


def keep(house: House, value: str, *, name: str = "card", **options: Any) -> int:
    with house.cloud():
        return keep_secret(shop_id=SHOP, name=name, value=value, **options)


def held() -> dict[str, tuple[int, int, str]]:
    return {s.name: (s.ver, s.before_ver, str(s.state)) for s in lease_standings()}


def test_a_kiosk_is_given_what_its_shop_has_and_then_there_is_nothing_to_say(house, time):
    keep(house, "one")

    assert set(contact(house)) == {"leases"}

    assert contact(house) is None
    assert held() == {"card": (1, 0, "fresh"), "vapid": (1, 0, "fresh")}
    assert lease("card").value == "one"


def test_a_kiosk_shows_its_key_once_and_again_when_the_cloud_has_forgotten_it(house, time):
    assert "jwk" in ask_leases()
    contact(house)
    assert "jwk" not in ask_leases()

    with house.cloud():
        Kiosk.objects.update(wrap_jwk=None)

    assert contact(house) == {"introduce": True}
    assert contact(house) is None
    assert house.at_cloud().wrap_jwk is not None
    assert "jwk" not in ask_leases()


def test_an_answer_that_was_lost_is_given_again(house, time):
    keep(house, "one")
    contact(house, answer_arrives=False)
    assert held() == {}

    contact(house)

    assert lease("card").value == "one"


def test_a_rotation_reaches_a_kiosk_at_its_next_contact_and_the_old_version_stays(house, time):
    keep(house, "one")
    contact(house)

    assert keep(house, "two") == 2
    contact(house)

    assert held()["card"] == (2, 1, "fresh")
    assert (lease("card").value, lease_before("card").value) == ("two", "one")


def test_a_replaced_kiosk_is_given_the_version_in_force_and_the_one_before(house, time):
    keep(house, "one")
    keep(house, "two")

    contact(house)

    assert (lease("card").value, lease_before("card").value) == ("two", "one")
    assert contact(house) is None


def test_a_version_that_was_replaced_is_lent_no_longer_than_it_would_have_lived(house, time):
    keep(house, "one", life_s=3600)
    keep(house, "two", life_s=3600)
    time(minutes=59)
    contact(house)
    assert lease_before("card").value == "one"

    time(minutes=1)

    with pytest.raises(EdgeShopError):
        lease_before("card")
    assert contact(house) is None


def test_complaint_2_a_renewal_that_fails_takes_nothing_away_and_is_tried_again(house, time, monkeypatch):
    keep(house, "one")
    contact(house)
    time(days=11)

    def broken(*_args, **_options):
        raise EdgeShopError("the secret cannot be opened today")

    with monkeypatch.context() as patched:
        patched.setattr("edgeshop.fleet.services.lease_section.reveal", broken)
        assert contact(house) is None
    assert held()["card"] == (1, 0, "stale")
    assert lease("card").value == "one"

    assert contact(house) is None
    time(minutes=2)
    assert contact(house) is not None
    assert held() == {"card": (1, 0, "fresh"), "vapid": (1, 0, "fresh")}


def test_complaint_2_a_cloud_out_of_reach_takes_nothing_away(house, time):
    keep(house, "one")
    contact(house)

    for _ in range(240):
        ask_leases()
        time(hours=1)
        assert lease("card").value == "one"

    assert held()["card"][2] == "stale"


def test_complaint_4_a_burst_of_reads_asks_nobody(house, time):
    keep(house, "one")
    contact(house)
    lease("card")
    asked_before = len(house.wire.asked)

    assert {lease("card").value for _ in range(500)} == {"one"}

    assert len(house.wire.asked) == asked_before


@pytest.mark.parametrize("jump_days", [10, 29, 31, 300])
def test_complaint_9_a_jump_over_the_moment_of_renewal_misses_nothing(house, time, jump_days):
    keep(house, "one")
    contact(house)

    time(days=jump_days)
    contact(house)

    assert held() == {"card": (1, 0, "fresh"), "vapid": (1, 0, "fresh")}


def test_complaint_9_renewal_begins_at_a_third_of_the_life(house, time):
    keep(house, "one")
    contact(house)

    time(days=10, seconds=-1)
    assert "renew" not in ask_leases()
    time(seconds=1)

    assert ask_leases()["renew"] == ["card", "vapid"]
    assert "renew" not in ask_leases()


def test_revoking_ends_a_lease_at_the_next_contact_and_the_next_version_begins_anew(house, time):
    keep(house, "one")
    keep(house, "two")
    contact(house)
    time(hours=1)

    with house.cloud():
        assert [revoke_secret(shop_id=SHOP, name="card") for _ in range(2)] == [2, 0]
    contact(house)

    assert held()["card"] == (2, 0, "revoked")
    assert contact(house) is None
    keep(house, "three")
    contact(house)
    assert (lease("card").value, held()["card"]) == ("three", (3, 0, "fresh"))


def test_a_kiosk_that_missed_a_revocation_does_not_keep_the_version_before(house, time):
    keep(house, "one")
    contact(house)
    with house.cloud():
        revoke_secret(shop_id=SHOP, name="card")
    keep(house, "two")

    contact(house)

    assert held()["card"] == (2, 0, "fresh")


def test_a_box_with_another_key_is_lent_everything_again(house, time, settings, monkeypatch):
    keep(house, "one")
    contact(house)
    other = MemoryKeystore()
    monkeypatch.setattr(lent().folder, "_keystore", lambda: other)
    monkeypatch.setattr(lent().folder, "_opened", {})
    monkeypatch.setattr("edgeshop.fleet.services.lease_section.keystore", lambda: other)
    time(hours=1)

    contact(house)

    assert lease("card").value == "one"


def test_a_kiosk_in_another_shop_has_no_use_for_the_first_one_s_secrets(house, time):
    keep(house, "one")
    contact(house)
    with house.cloud():
        shop = Shop.objects.create(pk=77, name="Other", currency="EUR")
        Kiosk.objects.update(shop=shop)
    Shop.objects.create(pk=77, name="Other", currency="EUR")
    Kiosk.objects.update(shop=77)
    lent().folder._words.clear()

    contact(house)

    assert held() == {"vapid": (1, 0, "fresh")}


def test_every_shop_has_a_vapid_key_of_its_own(house, time):
    contact(house)
    first = read_vapid_secret(lease("vapid").value)
    with house.cloud():
        assert renew_vapid(shop_id=SHOP) == 2

    contact(house)

    assert read_vapid_secret(lease("vapid").value).kid != first.kid
    assert read_vapid_secret(lease_before("vapid").value).kid == first.kid


def test_a_whole_contact_carries_the_leases(house, time):
    from edgeshop.sync.services.contact import synchronise

    keep(house, "one")

    report = synchronise(house.client)

    assert report.failed == {}
    assert lease("card").value == "one"


def test_a_box_that_has_no_wrapping_key_exchanges_everything_else(house, time, monkeypatch):
    from edgeshop.sync.services.contact import synchronise
    from edgeshop.vault.errors import KeyMissing

    def no_rsa(_name):
        raise KeyMissing("this chip makes no such key")

    keep(house, "one")
    monkeypatch.setattr(keystore(), "create_wrap_key", no_rsa)

    report = synchronise(house.client)

    assert (report.failed, held()) == ({}, {})


@pytest.mark.parametrize("jwk", [{}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "x", [1]])
def test_an_odd_wrapping_key_is_not_remembered(house, time, jwk):
    asked = ask_leases() | {"jwk": jwk}

    with house.cloud():
        with pytest.raises((EdgeShopError, UserWarning)):
            answer_leases(KIOSK, asked)
        assert Kiosk.objects.get().wrap_jwk is None


def test_leases_of_a_box_that_is_nobody_s_do_not_count(house, time):
    contact(house)
    Kiosk.objects.update(is_self=False)
    lent().folder._words.clear()

    assert lease_standings() == []


def test_values_are_sealed_in_the_cloud_and_bound_to_their_place(house, time):
    keep(house, "canary-9f3")
    keep(house, "canary-9f3", name="other")
    with house.cloud():
        card, other = LeaseSecret.objects.order_by("name")
        assert b"canary" not in bytes(card.sealed)
        card.sealed = other.sealed
        with pytest.raises(EdgeShopError):
            cloud_secrets.reveal(card)
        assert cloud_secrets.reveal(other) == "canary-9f3"


@pytest.mark.parametrize(
    "odd", [{"name": "../x"}, {"name": ""}, {"value": ""}, {"value": "x" * 20_000}, {"life_s": 59}, {"name": "A" * 64}]
)
def test_what_nobody_could_lend_is_not_kept(house, time, odd):
    with house.cloud():
        with pytest.raises(InvalidInput):
            keep_secret(**{"shop_id": SHOP, "name": "card", "value": "one"} | odd)
        assert LeaseSecret.objects.count() == 0


def test_an_answer_about_leases_costs_the_same_for_one_and_three(house, time, django_assert_num_queries):
    contact(house)
    asked = ask_leases()
    with house.cloud():
        for n in range(3):
            keep_secret(shop_id=SHOP, name=f"secret-{n}", value="x")
            with django_assert_num_queries(4):
                assert len(answer_leases(KIOSK, asked)["leases"]) == n + 1


def test_a_shop_s_first_vapid_key_is_made_once(house):
    with house.cloud():
        for _ in range(2):
            cloud_secrets.ready_vapid(shop_id=SHOP)
        made = LeaseSecret.objects.filter(shop=SHOP, name=cloud_secrets.VAPID)
        assert [secret.ver for secret in made] == [1]
