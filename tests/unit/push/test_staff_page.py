"""Staff ask in the cloud's admin, for this browser; nobody else can."""

import json
from dataclasses import replace

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from edgeshop.push.models import Notice, Subscription
from edgeshop.vault.services import load_vapid
from tests.factories.fleet import make_staff
from tests.factories.push import Subscriber

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PAGE = "/admin/push/notice/tell-me/"


@pytest.fixture
def mia(client, kiosk):
    """Mia at her browser, logged in."""
    person = make_staff("mia", shop=kiosk.shop, role="manager")
    client.force_login(person)
    return client


def said(browser: Subscriber) -> dict:
    """What PushSubscription.toJSON() gives, and the page's language."""
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    return {"endpoint": browser.endpoint, "expirationTime": None, "keys": keys, "language": "de"}


def test_the_page_offers_the_switch_with_our_key_and_its_own_worker(mia):
    page = mia.get(PAGE).content.decode()

    assert "Tell me when a review waits" in page
    assert f'data-vapid-key="{load_vapid().public_key}"' in page
    assert 'data-worker="/static/push/worker.js"' in page
    assert all(finders.find(name) for name in ("push/worker.js", "push/tell-me.js"))


def test_a_browser_is_told_and_told_no_more(mia):
    browser = Subscriber()

    on = mia.post(PAGE, said(browser), content_type="application/json")

    row = Subscription.objects.get()
    assert (on.status_code, row.topic, row.staff.username, row.language) == (204, "reviews", "mia", "de")
    off = mia.delete(PAGE, said(browser), content_type="application/json")
    assert (off.status_code, Subscription.objects.filter(ended_at=None).count()) == (204, 0)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"endpoint": null, "keys": []}', b'{"keys": {}}', b"\xff"])
def test_what_is_no_subscription_is_refused_in_the_one_shape(mia, body):
    answer = mia.generic("POST", PAGE, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.invalid_input")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert Subscription.objects.count() == 0


def test_an_endpoint_that_we_would_not_call_is_refused(mia):
    body = said(Subscriber(endpoint="https://printer.local/1"))

    answer = mia.post(PAGE, body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "push.subscription_refused")


def test_a_form_of_another_site_is_refused(kiosk):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff("mia"))

    answer = strict.post(PAGE, said(Subscriber()), content_type="application/json")

    assert (answer.status_code, Subscription.objects.count()) == (403, 0)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_strangers_and_shoppers_are_sent_to_the_log_in(client, kiosk, method):
    answer = client.generic(method, PAGE, json.dumps(said(Subscriber())), content_type="application/json")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")
    assert Subscription.objects.count() == 0


def test_a_kiosk_has_no_such_page(mia, settings):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    assert mia.get(PAGE).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_notices_costs_the_same_however_long(mia, held_clock, rows, django_assert_max_num_queries):
    mia.post(PAGE, said(Subscriber()), content_type="application/json")
    browser = Subscription.objects.get()
    for n in range(rows):
        Notice.objects.create(subscription=browser, key=f"k{n}", body={}, made_at=held_clock.at, next_at=held_clock.at)

    with django_assert_max_num_queries(9):
        assert mia.get("/admin/push/notice/").status_code == 200
