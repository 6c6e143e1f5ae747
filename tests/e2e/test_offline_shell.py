"""The shop without its kiosk: it starts from a killed browser, and everything a shopper does is there."""

import hashlib
import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import ConsoleMessage, Page, expect

from edgeshop.qa.browser import Profile
from edgeshop.qa.stack import Kiosk
from tests.e2e.crash import kill_browser
from tests.e2e.screen import STAGES, Item, Screen

pytestmark = pytest.mark.e2e

# As many suggestions as a screen shows in one row.
ROW = 6
# A browser says so by itself whenever a request meets nobody; the page does not get to hear of it.
_NOBODY_THERE = "Failed to load resource: net::ERR_"
_PRECACHED = re.compile(r'\["(/[^"]*)","([0-9a-f]{64})",(\d+)\]')


class Complaints:
    """What a page complains of, but for the silence of the kiosk."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.heard.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _NOBODY_THERE not in message.text:
            self.heard.append(message.text)


def test_every_file_the_worker_keeps_is_served_as_it_was_built(kiosk: Kiosk):
    worker = requests.get(kiosk.front.url + "/sw.js", timeout=20)
    listed = {url: (200, sha256, int(size)) for url, sha256, size in _PRECACHED.findall(worker.text)}

    served = {url: _served(kiosk.front.url + url) for url in listed}

    first_render = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', requests.get(kiosk.front.url, timeout=20).text))
    assert first_render < set(listed)
    assert {"/", "/sw.js"} & set(listed) == {"/"}
    assert served == listed


def _served(url: str) -> tuple[int, str, int]:
    answer = requests.get(url, timeout=20)
    return answer.status_code, hashlib.sha256(answer.content).hexdigest(), len(answer.content)


@pytest.fixture
def alone(browser: Profile, kiosk: Kiosk, power, tmp_path: Path, expected) -> Screen:
    """A screen whose browser was killed and opened again after its kiosk had been pulled out of the wall."""
    Screen(browser.open()).ready(*STAGES)
    power.pull(kiosk)
    kill_browser(tmp_path / "profile")
    return Screen(browser.restart())


@pytest.fixture
def expected(kiosk: Kiosk, goods: list[Item]) -> dict[str, object]:
    """What the kiosk says about its shelf while it can."""
    url, first = kiosk.front.url, goods[0]
    asked = {"basket": [first.id], "k": ROW}
    arabic = requests.get(f"{url}/api/search", {"q": "خزامى", "lang": "ar"}, timeout=20).json()["items"]
    lavender = requests.get(f"{url}/api/search", {"q": "lavender", "lang": "en"}, timeout=20).json()["items"]
    return {
        "product": requests.get(f"{url}/api/products/{first.id}", {"lang": "en"}, timeout=20).json(),
        "goes_with": requests.post(f"{url}/api/recommendations", json=asked, timeout=20).json()["items"],
        "lavender": {item["id"] for item in lavender},
        "arabic": [(item["id"], item["name"]) for item in arabic],
    }


def test_the_shop_opens_and_works_without_its_kiosk(alone: Screen, goods, expected):
    complaints = Complaints(alone.page)
    alone.page.reload()
    alone.connected("screen_alone")

    cards = alone.find("lavend")
    expect(cards).to_have_count(len(expected["lavender"]))
    assert _ids(cards) == expected["lavender"]
    alone.find("lavendar")
    expect(alone.at("search-corrected")).to_have_text("Showing lavender for lavendar")
    assert _ids(cards) == expected["lavender"]

    _product_page(alone, goods[0], expected)
    _suggestions(alone, goods[0], expected)
    _languages(alone, expected)
    assert complaints.heard == []


def _ids(cards) -> set[int]:
    testids = cards.evaluate_all("cards => cards.map(card => card.dataset.testid)")
    return {int(testid.removeprefix("product-")) for testid in testids}


def _product_page(alone: Screen, item: Item, expected) -> None:
    """Name, description, picture: all of it was on the disk."""
    alone.find(item.name)
    alone.at(f"product-{item.id}").locator(".card-open").click()
    sheet = alone.at("product-sheet")
    expect(sheet.get_by_role("heading", level=1)).to_have_text(item.name)
    expect(sheet.locator(".product-what")).to_have_text(expected["product"]["description"])
    expect(sheet.locator(".product-picture .picture")).to_have_attribute("data-state", "ready")
    assert sheet.locator(".product-picture img").evaluate("img => img.naturalWidth") > 0
    alone.at("product-add").click()
    alone.page.keyboard.press("Escape")


def _suggestions(alone: Screen, item: Item, expected) -> None:
    """The browser's own table ranks as the kiosk's model did."""
    assert alone.says("lines") == [{"productId": item.id, "qty": 1}]
    if alone.at("basket-open").is_visible():
        alone.at("basket-open").click()
    shown = alone.at("suggestions")
    expect(shown).to_have_attribute("data-for", str(item.id))
    expect(shown).to_have_attribute("data-source", "browser-model")
    rows = shown.locator(".suggestion").evaluate_all("rows => rows.map(row => row.dataset.testid)")
    assert rows == [f"suggestion-{product_id}" for product_id in expected["goes_with"]]


def _languages(alone: Screen, expected) -> None:
    """German, then Arabic from right to left, whose shelf is found by its own words."""
    root = alone.page.locator("html")
    for lang, direction, pay in (("de", "ltr", "Bezahlen"), ("ar", "rtl", "الدفع")):
        alone.at("comfort").click()
        alone.at("comfort-sheet").get_by_test_id(f"language-{lang}").click()
        alone.page.keyboard.press("Escape")
        expect(root).to_have_attribute("lang", lang)
        expect(root).to_have_attribute("dir", direction)
        expect(alone.at("pay")).to_have_text(pay)
    [(product_id, name)] = expected["arabic"]
    if not alone.at("search").is_visible():
        alone.at("back").click()
    cards = alone.find("خزامى")
    expect(cards).to_have_count(1)
    expect(alone.at(f"product-{product_id}").locator(".card-name")).to_have_text(name)
