"""A push message from the shop, as the browser hands it to the worker."""

import json

import pytest

from edgeshop.qa.browser import Profile
from tests.e2e.screen import Screen, again

pytestmark = pytest.mark.e2e

_SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, data }) => ({ title, body, data }))"""


# Asking for the notifications while one is being shown makes Chromium forget it, so its end is waited for.
_WATCH = """() => {
  const real = ServiceWorkerRegistration.prototype.showNotification;
  self.shown = 0;
  ServiceWorkerRegistration.prototype.showNotification = async function (...said) {
    await real.apply(this, said);
    self.shown += 1;
  };
}"""


def deliver(screen: Screen, browser: Profile, message: str) -> None:
    """Let the browser's own push machinery wake the worker; returns when it has shown something."""
    [worker] = screen.page.context.service_workers
    worker.evaluate(_WATCH)
    session, known = screen.page.context.new_cdp_session(screen.page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    while not known:
        screen.page.evaluate("0")
    registration = {"origin": browser.url, "registrationId": known[0]["registrationId"]}
    session.send("ServiceWorker.deliverPushMessage", {**registration, "data": message})
    assert worker.evaluate(again("async () => self.shown === 1"))


def test_a_push_message_shows_its_title_and_the_number_and_makes_the_page_look(screen, browser, ledger, goods):
    slip = screen.sell(goods[13])
    ledger.settle(slip.number)
    message = {"title": "Your order is confirmed", "body": slip.number, "url": "/r/key"}

    deliver(screen, browser, json.dumps(message))

    shown = [{"title": "Your order is confirmed", "body": slip.number, "data": "/r/key"}]
    assert screen.page.evaluate(_SHOWN) == shown
    screen.slip_is(slip.number, "settled")


def test_a_push_message_that_is_no_notice_still_shows_something(screen, browser):
    deliver(screen, browser, "torn {")

    assert screen.page.evaluate(_SHOWN) == [{"title": "EdgeShop", "body": "", "data": "/"}]
