"""Whom we would call, and who may ask."""

from dataclasses import replace

import pytest

from edgeshop.push.errors import SubscriptionRefused
from edgeshop.push.models import Subscription
from edgeshop.push.services import subscribe_order, subscribe_reviews, unsubscribe_reviews
from tests.factories.fleet import make_staff
from tests.factories.push import Subscriber, b64, make_order

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
NUMBER = "3-12-1-1"


@pytest.fixture
def order(kiosk, held_clock):
    return make_order(kiosk, 1, at=held_clock.at, delivery="committed")


def ask(browser: Subscriber | None = None, **changed: str) -> None:
    subscribe_order(**{"number": NUMBER, "receipt_key": "key-1"} | (browser or Subscriber()).said | changed)


def test_who_holds_the_receipt_may_ask_to_be_told(order, held_clock):
    browser = Subscriber()

    ask(browser)

    row = Subscription.objects.get()
    assert (row.topic, row.endpoint, row.p256dh, row.auth) == (
        f"order:{NUMBER}", browser.endpoint, browser.p256dh, browser.auth,
    )  # fmt: skip
    assert (row.created_at, row.ended_at) == (held_clock.at, None)


@pytest.mark.parametrize("changed", [{"receipt_key": "key-2"}, {"number": "3-12-1-2"}, {"number": "x" * 500}])
def test_who_does_not_hold_the_receipt_may_not(order, changed):
    with pytest.raises(SubscriptionRefused):
        ask(**changed)

    assert Subscription.objects.count() == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/1",
        "ftp://push.example.com/1",
        "//push.example.com/1",
        "https://localhost/1",
        "https://localhost./1",
        "https://till/1",
        "https://printer.local/1",
        "https://router.lan/1",
        "https://metadata.internal/1",
        "https://127.0.0.1/1",
        "https://127.0.0.1./1",
        "https://0x7f.1/1",
        "https://2130706433/1",
        "https://10.0.0.8/1",
        "https://8.8.8.8/1",
        "https://[::1]/1",
        "https://[::ffff:127.0.0.1]/1",
        "https://[/1",
        "https://push.example.com:8443/1",
        "https://push.example.com:99999/1",
        "https://ada@push.example.com/1",
        "https://ada:pass@push.example.com/1",
        "https://push_service.example.com/1",
        "https://push.example.com/" + "x" * 1000,
        "",
    ],
)
def test_an_endpoint_that_is_no_public_push_service_is_refused(order, endpoint):
    with pytest.raises(SubscriptionRefused):
        ask(endpoint=endpoint)

    assert Subscription.objects.count() == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQ",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYA",
        "https://push.example.com:443/1",
    ],
)
def test_the_push_services_there_are_are_taken(order, endpoint):
    ask(endpoint=endpoint)

    assert Subscription.objects.get().endpoint == endpoint


def test_a_loopback_endpoint_needs_the_setting_for_tests(order, settings):
    endpoint = "http://127.0.0.1:8999/send"
    with pytest.raises(SubscriptionRefused):
        ask(endpoint=endpoint)
    settings.EDGESHOP = replace(settings.EDGESHOP, push=replace(settings.EDGESHOP.push, allows_loopback=True))

    ask(endpoint=endpoint)

    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"p256dh": b64(bytes(64))},
        {"p256dh": b64(b"\x04" + bytes(64))},
        {"p256dh": b64(b"\x02" + bytes(range(64)))},
        {"p256dh": "!" + b64(b"\x04" + bytes(64))},
        {"p256dh": ""},
        {"auth": b64(bytes(15))},
        {"auth": "ü" * 22},
        {"auth": ""},
    ],
)
def test_a_key_that_could_never_be_encrypted_to_is_refused(order, changed):
    with pytest.raises(SubscriptionRefused):
        ask(**changed)

    assert Subscription.objects.count() == 0


def test_asking_again_changes_the_one_subscription(order, held_clock):
    first = Subscriber()
    ask(first)
    Subscription.objects.update(ended_at=held_clock.at)
    renewed = Subscriber(endpoint=first.endpoint)

    ask(renewed, language="de")

    row = Subscription.objects.get()
    assert (row.p256dh, row.language, row.ended_at) == (renewed.p256dh, "de", None)


def test_five_browsers_may_hear_of_one_order(order):
    for n in range(5):
        ask(Subscriber(endpoint=f"https://push.example.com/{n}"))

    with pytest.raises(SubscriptionRefused):
        ask(Subscriber(endpoint="https://push.example.com/5"))
    ask(Subscriber(endpoint="https://push.example.com/4"))

    assert Subscription.objects.count() == 5


def test_staff_ask_for_reviews_and_take_it_back(kiosk):
    mia, browser = make_staff("mia"), Subscriber()

    subscribe_reviews(staff=mia, **browser.said)
    assert Subscription.objects.get().ended_at is None
    unsubscribe_reviews(staff=make_staff("ben"), endpoint=browser.endpoint)
    assert Subscription.objects.get().ended_at is None
    unsubscribe_reviews(staff=mia, endpoint=browser.endpoint)

    assert Subscription.objects.get().ended_at is not None
