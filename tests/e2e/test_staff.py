"""What people behind the counter see and do, with the cable out and after it is back."""

import pytest
from playwright.sync_api import expect

from edgeshop.qa.browser import Profile
from edgeshop.qa.node import Node
from edgeshop.qa.stack import Kiosk
from tests.e2e import office
from tests.e2e.desk import Desk
from tests.e2e.ledger import Ledger
from tests.e2e.screen import PATIENCE_MS, Screen

pytestmark = pytest.mark.e2e


_BEFORE_THE_CLOUD = [("kiosk", "Token minted"), ("browser", "Signed and placed"), ("kiosk", "Committed")]


def test_with_the_cable_out_staff_log_in_at_the_kiosk_and_see_the_journey_of_an_order(
    screen: Screen, kiosk: Kiosk, ledger: Ledger, links, goods
):
    links.back.down()
    office.hear(kiosk)
    screen.connected("shop_alone")
    slip = screen.sell(goods[12])

    desk = Desk(screen.page.context.new_page(), kiosk, "ben")

    assert desk.journey(slip.number) == _BEFORE_THE_CLOUD
    links.heal()
    screen.slip_is(slip.number, "settled")
    assert desk.journey(slip.number) == [*_BEFORE_THE_CLOUD, ("cloud", "Acknowledged"), ("cloud", "Settled")]
    assert ledger.settle(slip.number) == {slip.number: slip.settled}


def test_a_review_accepted_in_the_cloud_comes_home_to_the_slip(
    browser: Profile, cloud: Node, kiosk: Kiosk, ledger: Ledger, links
):
    item = office.add_product(cloud, "Zoetrope", price_minor=2600, policy="untracked", units=1)
    office.hear(kiosk)
    kiosk.wait_until(lambda: office.on_shelf(kiosk, item) == "in_stock", what="new product", timeout_s=120)
    screen = Screen(browser.open()).ready("shell", "core", "tokens")
    screen.to_pay(item)
    links.front.down()
    screen.connected("screen_alone")
    office.withdraw(cloud, item)
    office.hear(kiosk)
    kiosk.wait_until(lambda: office.on_shelf(kiosk, item) is None, what="withdrawal", timeout_s=120)

    screen.choose("cash")
    slip = screen.receipt()
    links.front.up()
    expect(screen.at("receipt-state")).to_have_text("We look at this one with you", timeout=2 * PATIENCE_MS)
    kiosk.wait_until(lambda: list(ledger.new()) == [slip.number], what="order in the cloud", timeout_s=90)
    assert ledger.reviews(slip.number) == [("PRODUCT_WITHDRAWN", "")]

    desk = Desk(screen.page.context.new_page(), cloud, "mia")
    desk.search("review", slip.number)
    desk.act("accept")

    screen.slip_is(slip.number, "settled")
    expect(screen.at("receipt-state")).to_have_text("Confirmed")
    assert ledger.reviews(slip.number) == [("PRODUCT_WITHDRAWN", "accept")]
    assert ledger.new() == {slip.number: slip.settled}
