"""One shopper at one screen: the real PWA in the real browser, driven by what is on the screen."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Playwright

from edgeshop.qa.browser import Profile
from edgeshop.qa.stack import Kiosk

_SCREEN = {"width": 1920, "height": 1080}
_PATIENCE_MS = 20_000
_READY = """tokens => {
  const state = window.edgeshop;
  if (!state) return false;
  const done = new Set(state.stages().filter(s => s.state === 'done').map(s => s.name));
  return ['core', 'vectors'].every(name => done.has(name)) && state.tokensLeft() >= tokens;
}"""
_SLIP = "number => window.edgeshop.slips().find(slip => slip.number === number) ?? null"
_SETTLED = """() => window.edgeshop.unsent() === 0
  && window.edgeshop.slips().every(slip => slip.state === 'settled' || slip.state === 'review')"""


@dataclass(frozen=True, slots=True)
class Sold:
    """One order as the shopper was shown it. Shapes: lines {product: (quantity, unit price)}. Units: minor units."""

    number: str
    lines: dict[int, tuple[int, int]]
    total_minor: int
    tender: str
    is_provisional: bool


def enter(page: Page) -> Locator:
    """Get to the shelf, from the attract screen if need be; answers the search field."""
    start, search = page.get_by_test_id("attract-start"), page.get_by_test_id("search")
    start.or_(search).first.wait_for(timeout=2 * _PATIENCE_MS)
    if start.is_visible():
        start.click()
    search.wait_for(timeout=_PATIENCE_MS)
    return search


def leave(page: Page) -> None:
    """Leave everything as the next shopper should find it."""
    page.get_by_test_id("start-over").first.click()
    page.get_by_test_id("attract-start").wait_for(timeout=_PATIENCE_MS)


class Refused(Exception):
    """The screen said that this is not possible here."""


class Shopper:
    """A browser profile at a kiosk. `names` are products by id, as the shelf calls them."""

    def __init__(self, playwright: Playwright, kiosk: Kiosk, folder: Path, names: dict[int, str]) -> None:
        self.kiosk = kiosk
        self.names = names
        self.profile = Profile(playwright, url=kiosk.front.url, folder=folder, size=_SCREEN)
        self.profile.open()

    @property
    def page(self) -> Page:
        """The one tab, a new object after each restart."""
        return self.profile.page

    def wait_ready(self, *, tokens: int = 8, timeout_ms: int = 60_000) -> None:
        """Return when the browser could go on alone: shelf, vectors and tokens are on its disk; pictures may follow."""
        self.page.wait_for_function(_READY, arg=tokens, timeout=timeout_ms)

    def fill(self, product_ids: list[int]) -> None:
        """Put products into the basket the way people do: search by name, tap. Raises: Refused when one is not sold."""
        search = enter(self.page)
        for product_id in product_ids:
            search.fill(self.names[product_id])
            self.page.get_by_test_id(f"product-{product_id}").first.wait_for(timeout=_PATIENCE_MS)
            add = self.page.get_by_test_id(f"add-{product_id}").first
            if not add.is_visible():
                raise Refused("not offered")
            add.click(timeout=_PATIENCE_MS)
        search.fill("")

    def pay(self, tender: str, *, meanwhile: Callable[[], None] = lambda: None) -> Sold:
        """Pay; `meanwhile` happens right after the tap. Raises: Refused, and the basket is left as it is."""
        self.page.get_by_test_id("pay").first.click()
        self.page.get_by_test_id(f"tender-{tender}").click()
        meanwhile()
        receipt = self.page.get_by_test_id("receipt")
        cannot = self.page.locator("[data-testid^='cant-']")
        receipt.or_(cannot).first.wait_for(timeout=_PATIENCE_MS)
        if cannot.is_visible():
            raise Refused(cannot.get_attribute("data-testid"))
        number = self.page.get_by_test_id("receipt-number").inner_text().strip()
        sold = self.slip(number, tender)
        self.page.get_by_test_id("receipt-done").click()
        return sold

    def sell(self, product_ids: list[int], tender: str, *, meanwhile: Callable[[], None] = lambda: None) -> Sold:
        """One whole purchase. Raises: Refused; the basket is emptied then."""
        try:
            self.fill(product_ids)
            return self.pay(tender, meanwhile=meanwhile)
        except Refused:
            leave(self.page)
            raise

    def slip(self, number: str, tender: str) -> Sold:
        """What the shopper's slip says."""
        slip: dict[str, Any] = self.page.evaluate(_SLIP, number)
        lines = {line["productId"]: (line["qty"], line["unitMinor"]) for line in slip["lines"]}
        return Sold(number, lines, slip["totalMinor"], tender, slip["state"] == "provisional")

    def restart(self) -> None:
        """Close the browser and open it again on the same profile, whether the kiosk answers or not."""
        self.profile.restart()
        self.page.get_by_test_id("attract-start").wait_for(timeout=_PATIENCE_MS)

    def wait_for_mode(self, *states: str, timeout_ms: int = _PATIENCE_MS) -> None:
        """Return when the page has noticed how it is connected."""
        said = "states => states.includes(window.edgeshop.connection())"
        self.page.wait_for_function(said, arg=list(states), timeout=timeout_ms)

    def wait_settled(self, timeout_ms: int = 90_000) -> None:
        """Return when the page knows that the cloud has every order it made."""
        self.page.wait_for_function(_SETTLED, timeout=timeout_ms)

    def close(self) -> None:
        """Close the browser."""
        self.profile.close()
