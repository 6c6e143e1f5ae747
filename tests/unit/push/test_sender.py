"""Under which name we send: the shop's key on lease, the one before it, or this box's own."""

from dataclasses import replace

import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import keep_secret, renew_vapid, revoke_secret
from edgeshop.fleet.services.lease_section import answer_leases, ask_leases, take_leases
from edgeshop.kernel import clock
from edgeshop.push.errors import SubscriptionRefused
from edgeshop.push.models import Notice, Subscription
from edgeshop.push.services import collect_notices, current_sender, subscribe_order
from edgeshop.push.services.deliver import deliver_due
from edgeshop.vault.services import load_vapid, new_vapid_secret
from tests.factories.fleet import KIOSK, SHOP
from tests.factories.push import Subscriber, make_order

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def contact(kiosk, settings, tmp_path, monkeypatch, held_clock):
    """One database that plays both roles: the cloud lends, the kiosk takes. Leaves the role of a kiosk."""
    from edgeshop.fleet.services import ready_keys

    Kiosk.objects.update(is_self=True, cloud_jwks=[ready_keys(is_ledger=True)], device_jwk=ready_keys(is_ledger=False))
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)
    monkeypatch.setattr(clock, "boot_s", held_clock.timestamp)

    def exchange() -> None:
        told = answer_leases(KIOSK, ask_leases())
        if told is not None:
            take_leases(told)

    return exchange


@pytest.fixture
def told(kiosk, held_clock, service):
    """Sends the notice of one order to a browser that subscribed under a key: `told(1)`; answers the key used."""

    def subscribe(seq: int, **options: str) -> None:
        make_order(kiosk, seq, at=held_clock.at)
        browser = Subscriber(endpoint=f"https://push.example.com/{seq}")
        subscribe_order(number=f"3-12-1-{seq}", receipt_key=f"key-{seq}", **browser.said | options)
        collect_notices()

    return subscribe


def names_used(service) -> list[str]:
    return [request.headers["Authorization"].partition("k=")[2] for request in service.asked]


def test_until_it_was_lent_one_a_kiosk_sends_under_its_own_name(contact, told, service):
    told(1)

    assert deliver_due() == 1

    assert names_used(service) == [load_vapid().public_key]


def test_a_kiosk_sends_under_its_shop_s_name(contact, told, service):
    contact()
    told(1)

    assert deliver_due() == 1

    assert names_used(service) == [current_sender().public_key]
    assert current_sender().public_key != load_vapid().public_key


def test_a_browser_is_served_under_the_name_it_subscribed_to(contact, told, service):
    told(1)
    contact()
    first = current_sender().public_key
    told(2)
    renew_vapid(shop_id=SHOP)
    contact()
    told(3)
    told(4, vapid_key=first)

    assert deliver_due() == 4

    second = current_sender().public_key
    assert names_used(service) == [load_vapid().public_key, first, second, first]
    assert len({load_vapid().public_key, first, second}) == 3


def test_a_subscription_from_before_leases_is_served_under_the_box_s_own_name(contact, told, service):
    told(1)
    Subscription.objects.update(vapid_kid="")
    contact()

    assert deliver_due() == 1

    assert names_used(service) == [load_vapid().public_key]


def test_a_browser_bound_to_somebody_else_is_told_to_subscribe_anew(contact, told):
    from edgeshop.vault.services import read_vapid_secret

    with pytest.raises(SubscriptionRefused):
        told(1, vapid_key=read_vapid_secret(new_vapid_secret()).public_key)

    assert Subscription.objects.count() == 0


def test_without_its_key_a_notice_waits_and_uses_up_nothing(contact, told, service, held_clock):
    contact()
    told(1)
    revoke_secret(shop_id=SHOP, name="vapid")
    contact()

    assert deliver_due() == 0

    notice = Notice.objects.get()
    assert (service.asked, notice.given_up_at, notice.problem) == ([], None, "vault.lease_expired")
    assert current_sender().public_key == load_vapid().public_key


def test_an_expired_lease_comes_back_with_a_contact_and_the_notice_goes_out(contact, told, service, held_clock):
    contact()
    held_clock.move(days=29, hours=23)
    told(1)
    held_clock.move(hours=2)
    assert deliver_due() == 0

    contact()
    held_clock.move(minutes=1)

    assert deliver_due() == 1


def test_what_is_no_key_is_not_sent_under(contact):
    contact()
    keep_secret(shop_id=SHOP, name="vapid", value="typed in by hand")
    contact()

    assert current_sender().public_key != load_vapid().public_key  # the version before still serves
