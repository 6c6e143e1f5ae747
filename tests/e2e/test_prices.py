"""Prices and last units: what head office publishes, what a shopper is charged, and what can be sold once only."""

import pytest
from playwright.sync_api import expect

from edgeshop.qa.browser import Profile
from tests.e2e import office
from tests.e2e.ledger import Ledger
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e

_ARRIVES_MS = 90_000


def euros(minor: int) -> str:
    """An amount as an English screen writes it."""
    return f"€{minor // 100}.{minor % 100:02}"


def test_the_price_on_the_open_screen_changes_by_itself_and_in_an_outage_the_one_shown_is_charged(
    screen: Screen, cloud, kiosk, ledger: Ledger, links, goods
):
    item, screen_price = goods[11], screen.at(f"product-{goods[11].id}").locator(".card-price")
    screen.page.evaluate("window.untouched = true")
    screen.find(item.name)
    expect(screen_price).to_have_text(euros(item.price_minor))

    office.reprice(cloud, {item.id: item.price_minor + 111})
    office.hear(kiosk)
    expect(screen_price).to_have_text(euros(item.price_minor + 111), timeout=_ARRIVES_MS)

    links.back.down()
    office.hear(kiosk)
    screen.connected("shop_alone")
    office.reprice(cloud, {item.id: item.price_minor + 222})
    slip = screen.sell(item, tender="card")
    assert (slip.lines, slip.state) == ({item.id: (1, item.price_minor + 111)}, "confirmed")

    links.heal()
    screen.find(item.name)
    expect(screen_price).to_have_text(euros(item.price_minor + 222), timeout=_ARRIVES_MS)
    assert ledger.settle(slip.number) == {slip.number: slip.settled}
    assert ledger.reviews(slip.number) == []
    assert screen.page.evaluate("window.untouched") is True


def test_the_last_unit_is_sold_once_and_never_by_a_screen_alone(browser: Profile, cloud, kiosk, ledger: Ledger, links):
    last = office.add_product(cloud, "Quaich", price_minor=4200, policy="strict", units=1)
    office.hear(kiosk)
    kiosk.wait_until(lambda: office.on_shelf(kiosk, last) == "few_left", what="last unit", timeout_s=120)
    near = Screen(browser.open()).ready("shell", "core", "tokens")
    far = Screen(near.page.context.new_page())
    far.page.goto(browser.url)
    far.ready("core")
    near.to_pay(last)
    far.to_pay(last)

    links.front.down()
    far.connected("screen_alone").choose("cash")
    assert (far.refused(), far.slips(), far.says("tokensLeft") > 0) == ("stock", [], True)
    links.front.up()
    near.connected("connected").choose("cash")
    slip = near.receipt()
    far.connected("connected").page.get_by_role("button", name="Back to the basket").click()
    far.at("pay").click()
    far.choose("cash")

    assert (slip.state in {"confirmed", "acknowledged", "settled"}, slip.lines) == (True, {last.id: (1, 4200)})
    assert far.refused() == "stock"
    assert ledger.settle(slip.number) == {slip.number: slip.settled}
