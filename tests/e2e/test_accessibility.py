"""Every screen of the shop against WCAG 2.2 AA by axe-core: day and night, left to right and right to left."""

import itertools
import json

import pytest

from edgeshop.qa.node import REPOSITORY
from tests.e2e.screen import PATIENCE_MS, Screen

pytestmark = pytest.mark.e2e

_AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_RUN = """async rules => {
  const told = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
  return { checked: told.passes.length, wrong: told.violations.map(({ id, nodes }) =>
    [id, nodes.map(node => node.target.join(' ') + ': ' + (node.any[0]?.message ?? node.failureSummary))]) };
}"""
_SIZES = {"light": {"width": 1280, "height": 800}, "dark": {"width": 412, "height": 915}}
_SCREENS = ["attract", "shelf", "search", "product", "basket", "pay", "receipt"]
_CASES = list(itertools.product(("light", "dark"), ("en", "ar")))


@pytest.fixture
def checked(screen: Screen) -> dict[str, dict]:
    """What axe says about each screen in each light and language; night is looked at on a phone."""
    found = {}
    for light, lang in _CASES:
        screen.page.emulate_media(color_scheme=light, reduced_motion="reduce")
        screen.page.set_viewport_size(_SIZES[light])
        screen.page.reload()
        screen.page.evaluate(f"{_AXE.read_text(encoding='utf-8')};0")
        for name in walk(screen, lang):
            found[f"{name} {light} {lang}"] = screen.page.evaluate(_RUN, _RULES)
    return found


def walk(screen: Screen, lang: str):
    """One visit; stops at each screen, by its name."""
    screen.at("attract-start").wait_for(timeout=PATIENCE_MS)
    screen.at(f"language-{lang}").click()
    yield "attract"
    screen.enter()
    cards = screen.page.locator(".grid .card-open")
    cards.first.wait_for(timeout=PATIENCE_MS)
    yield "shelf"
    screen.find("lavender" if lang == "en" else "شمعة").first.wait_for(timeout=PATIENCE_MS)
    yield "search"
    screen.enter().fill("")
    cards.first.click()
    screen.at("product-add").wait_for(timeout=PATIENCE_MS)
    yield "product"
    screen.at("product-add").click()
    screen.page.keyboard.press("Escape")
    if screen.at("basket-open").is_visible():  # on a wide screen the basket is open already
        screen.at("basket-open").click()
    screen.at("suggestions").wait_for(timeout=PATIENCE_MS)
    yield "basket"
    screen.at("pay").click()
    screen.at("tender-cash").wait_for(timeout=PATIENCE_MS)
    yield "pay"
    screen.choose("cash")
    screen.receipt()
    yield "receipt"
    screen.at("receipt-done").click()
    screen.at("attract-start").wait_for(timeout=PATIENCE_MS)
    screen.page.wait_for_url(lambda url: "/receipt/" not in url, timeout=PATIENCE_MS)  # a step back takes its time


def test_no_screen_has_a_barrier_in_any_light_or_language(checked: dict[str, dict]):
    wrong = {name: told["wrong"] for name, told in checked.items() if told["wrong"]}

    assert list(checked) == [f"{name} {light} {lang}" for light, lang in _CASES for name in _SCREENS]
    assert min(told["checked"] for told in checked.values()) >= 5
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)
