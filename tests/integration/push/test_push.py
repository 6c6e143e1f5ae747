"""Notices reach browsers through a real push service: encrypted for one of them, signed by us, once."""

import re
import sqlite3

import pytest
import requests

from edgeshop.qa.node import Node
from edgeshop.qa.seat import Refused, Seat
from edgeshop.qa.stack import Kiosk
from edgeshop.shop.services.seeding import DEMO_PASSWORD
from edgeshop.vault.services import peek_jws
from tests.factories.push import Subscriber
from tests.integration.push.receiver import Message, Receiver

pytestmark = pytest.mark.integration


@pytest.fixture
def seat(kiosk: Kiosk) -> Seat:
    """A shopper's screen with a few tokens."""
    seat = Seat(kiosk.front.url)
    seat.draw(4)
    return seat


def ask(kiosk: Kiosk, browser: Subscriber, order: dict, language: str = "en") -> int:
    """The shopper's browser asks its kiosk to be told of an order; the status."""
    body = {
        "number": order["number"], "receipt_key": order["receipt_key"], "endpoint": browser.endpoint,
        "keys": {"p256dh": browser.p256dh, "auth": browser.auth}, "language": language,
    }  # fmt: skip
    return requests.post(f"{kiosk.front.url}/api/push/subscriptions", json=body, timeout=5).status_code


def told(kiosk: Kiosk, receiver: Receiver, name: str) -> Message:
    """The one message that this browser is sent."""
    kiosk.wait_until(lambda: receiver.messages(name) != [] or receiver.refused != [], what=f"push for {name}")
    assert receiver.refused == []
    [message] = receiver.messages(name)
    return message


def test_a_shopper_who_asked_is_told_once_that_the_order_is_confirmed(seat, kiosk, cloud, links, receiver):
    links.back.down()
    order = seat.sell((seat.sellable(policy="shelf")[0], 1))
    assert ask(kiosk, receiver.subscribe("ada"), order, language="de") == 204
    assert receiver.messages("ada") == []

    links.back.up()
    message = told(kiosk, receiver, "ada")

    assert message.notice == {
        "title": "Ihre Bestellung ist bestätigt", "body": order["number"], "url": f"/r/{order['receipt_key']}",
    }  # fmt: skip
    assert seat.where(order["number"])["delivery"] == "settled"
    assert message.vapid_key == kiosk.get("/api/shop")["vapid_public_key"]
    assert message.vapid_claims["sub"] == "mailto:operations@example.org"
    assert message.ttl_s > 0
    later = seat.sell((seat.sellable(policy="shelf")[0], 1))
    ask(kiosk, receiver.subscribe("ben"), later)
    told(kiosk, receiver, "ben")
    assert len(receiver.messages("ada")) == 1


def test_a_stranger_who_does_not_hold_the_receipt_is_not_told(seat, kiosk, receiver):
    order = seat.sell((seat.sellable(policy="shelf")[0], 1))

    assert ask(kiosk, receiver.subscribe("eve"), order | {"receipt_key": "guessed"}) == 422


def test_staff_who_asked_in_the_cloud_are_told_that_a_review_waits(seat, kiosk, cloud, receiver):
    vapid_key = ask_in_admin(cloud, receiver.subscribe("mia"))

    number = cause_review(seat)
    message = told(kiosk, receiver, "mia")

    assert message.notice["title"] == "Eine Bestellung wartet auf Sie"
    assert message.notice["body"].startswith(f"{number}: ")
    assert message.notice["url"] == "/admin/checkout/review/"
    assert message.vapid_key == vapid_key
    assert message.vapid_key != kiosk.get("/api/shop")["vapid_public_key"]


def cause_review(seat: Seat) -> str:
    """Two contents under one receipt number: the second is refused, and a person has to look."""
    [token] = seat.draw(1)
    product = seat.sellable(policy="shelf")[0]
    seat.place(seat.freeze((product, 1), token=token))
    with pytest.raises(Refused, match=r"checkout\.number_reused"):
        seat.place(seat.freeze((product, 2), token=token))
    return str(peek_jws(token)[1]["rn"])


def ask_in_admin(cloud: Node, browser: Subscriber) -> str:
    """Mia logs in, opens the page and presses the button; answers the key that the page offers."""
    page = f"{cloud.url}/admin/push/notice/tell-me/"
    with requests.Session() as mia:
        form = mia.get(f"{cloud.url}/admin/login/", timeout=10).text
        said = {"username": "mia", "password": DEMO_PASSWORD}
        mia.post(f"{cloud.url}/admin/login/", said | {"csrfmiddlewaretoken": token_in(form)}, timeout=10)
        shown = mia.get(page, timeout=10).text
        worker = mia.get(cloud.url + re.findall(r'data-worker="([^"]+)"', shown)[0], timeout=10)
        assert worker.headers["Content-Type"].startswith("text/javascript")
        token = re.findall(r'data-csrf-token="([^"]+)"', shown)[0]
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        body = {"endpoint": browser.endpoint, "keys": keys, "language": "de"}
        answer = mia.post(page, json=body, headers={"X-CSRFToken": token}, timeout=10)
        assert answer.status_code == 204, answer.text
        return str(re.findall(r'data-vapid-key="([^"]+)"', shown)[0])


def token_in(form: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found is not None
    return found[1]


def test_a_browser_that_is_gone_is_not_asked_again(seat, kiosk, receiver):
    browser = receiver.subscribe("gus")
    del receiver.browsers["/push/gus"]
    order = seat.sell((seat.sellable(policy="shelf")[0], 1))
    assert ask(kiosk, browser, order) == 204

    kiosk.wait_until(lambda: given_up(kiosk) == ["HTTP 404"], what="notice given up")


def given_up(kiosk: Kiosk) -> list[str]:
    asked = "SELECT problem FROM push_notice WHERE given_up_at IS NOT NULL"
    with sqlite3.connect(f"file:{kiosk.state}/kiosk.sqlite3?mode=ro", uri=True) as database:
        return [problem for (problem,) in database.execute(asked)]
