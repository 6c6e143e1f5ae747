"""A new build of the shop window waits for its moment: never during a basket, at once when nobody is there."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from edgeshop.qa.browser import Profile
from edgeshop.qa.stack import Kiosk
from tests.e2e.release import next_release, web_from
from tests.e2e.screen import PATIENCE_MS, STAGES, Item, Screen

pytestmark = pytest.mark.e2e

_LOOK = "async () => { await (await navigator.serviceWorker.ready).update(); }"
_WAITS = "async () => (await navigator.serviceWorker.ready).waiting?.state === 'installed'"
_LET_IN = "async () => (await navigator.serviceWorker.ready).waiting.postMessage('skip-waiting')"
_TAKEN_OVER = "async () => !(await navigator.serviceWorker.ready).waiting"
# A page that would let the build in asks first who is busy; this counts its questions, once they are answered.
_COUNT = """() => {
  const [locks, ask] = [navigator.locks, navigator.locks.query];
  window.asked = 0;
  locks.query = () => ask.call(locks).finally(() => setTimeout(() => { window.asked += 1; }));
}"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The release after this one."""
    return next_release(tmp_path / "release", build="second")


@pytest.fixture
def shopper(browser: Profile, goods: list[Item]) -> Screen:
    """A screen with something in its basket, complete with its pictures."""
    screen = Screen(browser.open()).ready(*STAGES)
    screen.add(goods[0])
    return screen


def build(screen: Screen) -> str | None:
    """The build that the page was made from; None is the one that every kiosk here starts with."""
    return screen.page.evaluate("document.querySelector('meta[name=build]')?.content ?? null")


def arrives(screen: Screen) -> None:
    """The new build comes to this screen, sooner or later, without anybody touching it."""
    mark = screen.page.locator("meta[name=build]")
    expect(mark).to_have_attribute("content", "second", timeout=2 * PATIENCE_MS)


def test_a_new_build_waits_for_the_basket_and_takes_over_when_it_is_gone(
    shopper: Screen, browser: Profile, kiosk: Kiosk, release: Path, goods: list[Item]
):
    idle = Screen(shopper.page.context.new_page())
    idle.page.goto(browser.url)
    idle.connected("connected")

    with web_from(kiosk, release):
        shopper.page.evaluate(_LOOK)
        shopper.until(_WAITS)
        idle.page.evaluate(_COUNT)
        shopper.page.reload()
        idle.page.wait_for_function("() => window.asked >= 2", timeout=PATIENCE_MS)

        assert shopper.page.evaluate(_WAITS) is True
        assert (build(shopper), build(idle)) == (None, None)
        assert shopper.connected("connected").says("lines") == [{"productId": goods[0].id, "qty": 1}]
        slip = shopper.sell()

        assert slip.lines == {goods[0].id: (1, goods[0].price_minor)}
        for screen in (shopper, idle):
            arrives(screen)
        assert shopper.page.evaluate(_TAKEN_OVER) is True


def test_a_build_that_arrives_late_lets_the_shopper_finish_first(
    shopper: Screen, kiosk: Kiosk, release: Path, goods: list[Item]
):
    with web_from(kiosk, release):
        shopper.page.evaluate(_LOOK)
        shopper.until(_WAITS)
        shopper.page.evaluate(_LET_IN)
        shopper.until(_TAKEN_OVER)

        shopper.connected("connected").to_pay(goods[1]).choose("cash")
        slip = shopper.receipt()

        assert build(shopper) is None
        assert set(slip.lines) == {goods[0].id, goods[1].id}
        shopper.at("receipt-done").click()
        arrives(shopper)
