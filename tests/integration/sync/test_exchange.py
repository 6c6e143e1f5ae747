"""Sales travel to the cloud, and the cloud's decisions to the shop, over links and processes that really fail."""

import re
import sqlite3
import threading
import time
from collections.abc import Callable

import pytest
import requests

from edgeshop.qa.children import ChildFailed
from edgeshop.qa.node import Node, Part
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk

pytestmark = pytest.mark.integration


@pytest.fixture
def seat(kiosk: Kiosk) -> Seat:
    """A shopper's screen with a few tokens, and something to sell."""
    seat = Seat(kiosk.front.url)
    seat.draw(4)
    return seat


def in_ledger(cloud: Node, *numbers: str) -> list[tuple[str, str]]:
    """What the ledger has of these numbers: each order with its delivery, as often as it is there."""
    marks = ", ".join("?" * len(numbers))
    asked = f"SELECT number_id, delivery FROM checkout_order WHERE number_id IN ({marks}) ORDER BY number_id"  # noqa: S608 -- only question marks
    with sqlite3.connect(f"file:{cloud.state}/cloud.sqlite3?mode=ro", uri=True) as ledger:
        return list(ledger.execute(asked, numbers))


def sell(seat: Seat, count: int = 1) -> list[str]:
    return sorted(seat.sell((seat.sellable(policy="shelf")[0], 1))["number"] for _ in range(count))


def wait_settled(kiosk: Kiosk, cloud: Node, numbers: list[str], timeout_s: float = 30) -> None:
    """Return when the ledger holds exactly these, each once, and nothing is unsent."""
    settled = [(number, "settled") for number in numbers]
    kiosk.wait_until(lambda: in_ledger(cloud, *numbers) == settled, what="settled orders", timeout_s=timeout_s)
    kiosk.wait_until(kiosk.is_quiet, what="empty outbox")
    assert in_ledger(cloud, *numbers) == settled


def asked_of(link, path: str) -> threading.Event:
    """Set as soon as a request under this path is seen on the link."""
    seen = threading.Event()
    link.on_request(lambda request, _passes: seen.set() if request.target.startswith(path) else None)
    return seen


def test_a_sale_made_alone_is_with_the_cloud_within_five_seconds_of_the_link(seat, kiosk, cloud, links):
    links.back.down()
    numbers = sell(seat, 2)
    assert (in_ledger(cloud, *numbers), kiosk.unsent() > 0) == ([], True)

    links.back.up()
    back_at = time.monotonic()
    kiosk.wait_until(lambda: len(in_ledger(cloud, *numbers)) > 0, what="first upload")
    first_after_s = time.monotonic() - back_at

    wait_settled(kiosk, cloud, numbers)
    assert first_after_s <= 5
    assert [seat.where(n)["delivery"] for n in numbers] == ["settled", "settled"]


def test_answers_lost_on_both_links_after_the_commit_make_one_order_each(seat, kiosk, cloud, links):
    order = seat.freeze((seat.sellable(policy="shelf")[0], 1))
    links.back.lose_answers(2, path="/sync")
    links.front.lose_answers(1, path="/api/orders")
    with pytest.raises(requests.RequestException):
        seat.place(order)

    again, once_more = seat.place(order), seat.place(order)

    assert again["number"] == once_more["number"]
    kiosk.wait_until(lambda: links.back.answers_lost == 2, what="two lost answers")
    assert links.front.answers_lost == 1
    wait_settled(kiosk, cloud, [again["number"]])


def test_redis_flushed_and_killed_delays_sales_and_loses_none(seat, kiosk, cloud, links, power):
    links.back.down()
    before = sell(seat)
    kiosk.redis.flush()
    power.pull(kiosk, Part.REDIS)
    without = sell(seat)
    links.back.up()
    assert in_ledger(cloud, *without) == []

    power.restore(kiosk, Part.REDIS)

    wait_settled(kiosk, cloud, sorted(before + without))


def test_the_command_does_the_job_with_no_broker_and_no_worker(seat, kiosk, cloud, power):
    power.pull(kiosk, Part.WORKER, Part.BEAT, Part.REDIS)
    numbers = sell(seat, 2)

    printed = kiosk.manage("sync")

    acknowledged = re.search(r"(\d+) facts acknowledged", printed)
    assert acknowledged is not None
    assert int(acknowledged[1]) >= 2
    assert in_ledger(cloud, *numbers) == [(n, "settled") for n in numbers]
    assert kiosk.unsent() == 0


def test_the_command_says_so_when_the_cloud_is_out_of_reach(seat, kiosk, cloud, links, power):
    power.pull(kiosk, Part.WORKER)
    links.back.down()
    numbers = sell(seat)

    with pytest.raises(ChildFailed, match=r"fleet\.cloud_unreachable"):
        kiosk.manage("sync")

    assert (in_ledger(cloud, *numbers), kiosk.unsent() > 0) == ([], True)


@pytest.mark.parametrize("at", ["the request", "the answer"])
def test_a_worker_killed_in_the_middle_of_an_upload_leaves_it_to_the_next(seat, kiosk, cloud, links, power, at):
    links.back.down()
    numbers = sell(seat, 3)
    uploading = asked_of(links.back, "/sync")
    if at == "the request":
        links.back.set("slow4g")
    else:
        links.back.up()
        links.back.lose_answers(1, path="/sync")
    assert uploading.wait(20)
    power.pull(kiosk, Part.WORKER)
    links.back.up()

    power.restore(kiosk, Part.WORKER)

    wait_settled(kiosk, cloud, numbers)


@pytest.mark.parametrize("mode", ["captive", "5xx"])
def test_whoever_answers_in_the_cloud_s_place_does_no_harm(seat, kiosk, cloud, links, mode):
    links.back.set(mode)
    answered = asked_of(links.back, "/sync")
    before = kiosk.get("/api/shop")

    numbers = sell(seat, 2)

    assert answered.wait(20)
    assert (in_ledger(cloud, *numbers), kiosk.unsent() > 0) == ([], True)
    assert kiosk.get("/api/shop") == before
    links.back.up()
    wait_settled(kiosk, cloud, numbers)


def test_a_link_that_swallows_everything_does_no_harm(seat, kiosk, cloud, links):
    links.back.set("half_open")
    numbers = sell(seat, 2)
    kiosk.wait_until(lambda: any(c.is_mute for c in links.back._live), what="contact into the void")
    assert (in_ledger(cloud, *numbers), kiosk.unsent() > 0) == ([], True)

    links.back.up()

    wait_settled(kiosk, cloud, numbers)


def in_shell(node: Node, code: str) -> None:
    """Call services as the admin does, on that node."""
    node.manage("shell", "--verbosity", "0", "-c", code)


def refreshed(kiosk: Kiosk, holds: Callable[[], bool], what: str) -> None:
    kiosk.manage("sync")
    kiosk.wait_until(holds, what=what)


def test_what_managers_change_in_the_cloud_arrives_in_the_shop(seat, kiosk, cloud):
    product = seat.sellable(policy="shelf")[0]
    price, book = seat.prices().unit_minor[product], seat.prices().book
    in_shell(
        cloud,
        f"""
from edgeshop.catalog.models import Product
from edgeshop.catalog.services import draft_book, publish, set_prices
from edgeshop.fleet.models import Shop
from edgeshop.journal.services import changes
from django.db import transaction
with transaction.atomic():
    Product.objects.filter(pk={product}).update(texts={{"en": {{"name": "Renamed", "description": ""}}}})
    changes("catalogue", "p{product}")
draft = draft_book(shop_id=Shop.objects.get().pk, rates={{"standard": 1900, "reduced": 700}})
set_prices(draft_id=draft, prices={{{product}: {price + 111}}})
publish(draft)
""",
    )

    refreshed(kiosk, lambda: kiosk.get("/api/shop")["book"] == book + 1, "new price book")

    card = kiosk.get(f"/api/products/{product}?lang=en")
    assert (card["name"], card["price_minor"]) == ("Renamed", price + 111)
    seat.refresh()
    assert seat.sell((product, 1))["total_minor"] == price + 111


def test_staff_made_in_the_cloud_log_in_on_the_kiosk_with_the_cable_out(kiosk, cloud, links):
    in_shell(
        cloud,
        """
from edgeshop.fleet.models import Shop, Staff
ada = Staff(username="ada", role="attendant", is_staff=True, shop=Shop.objects.get())
ada.set_password("ink-and-paper-7")
ada.save()
""",
    )
    kiosk.manage("sync")
    links.back.down()

    assert logged_in(kiosk, "ada", "ink-and-paper-7") == 200
    assert logged_in(kiosk, "ada", "something-else") == 302


def logged_in(node: Node, username: str, password: str) -> int:
    """The status of the admin's first page after a log-in; 302 leads back to the log-in."""
    with requests.Session() as browser:
        page = browser.get(f"{node.url}/admin/login/", timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        said = {"username": username, "password": password, "csrfmiddlewaretoken": token[1]}
        browser.post(f"{node.url}/admin/login/?next=/admin/", said, timeout=10, allow_redirects=False)
        return browser.get(f"{node.url}/admin/", timeout=10, allow_redirects=False).status_code
