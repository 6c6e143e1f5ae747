"""A browser that forgets everything in the middle of an outage."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from edgeshop.qa.browser import Profile
from tests.e2e import office
from tests.e2e.desk import Desk
from tests.e2e.ledger import Ledger
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e

_PAST_EXPIRY = timedelta(hours=13)  # tokens live twelve
_SWEEP = "from edgeshop.checkout.tasks import sweep; sweep()"


def test_wiped_site_data_loses_no_committed_order_and_the_lost_slip_is_noticed_by_its_number(
    screen: Screen, browser: Profile, kiosk, ledger: Ledger, links, clock, goods
):
    shop = Ledger(kiosk)
    links.back.down()
    office.hear(kiosk)
    screen.connected("shop_alone")
    kept = screen.sell(goods[14])
    links.front.down()
    screen.connected("screen_alone")
    lost = screen.sell(goods[15])
    held = open_numbers(shop, lost.number)

    browser.wipe()
    browser.close()
    links.heal()

    assert (kept.state, lost.state, lost.number in held) == ("confirmed", "provisional", True)
    assert ledger.settle(kept.number) == {kept.number: kept.settled}
    assert ledger.states(lost.number) == {lost.number: "outstanding"}

    clock.forward(_PAST_EXPIRY)
    kiosk.manage("shell", "--no-imports", "-c", _SWEEP)
    kiosk.wait_until(lambda: set(ledger.states(*held).values()) == {"unaccounted"}, what="alarm", timeout_s=90)
    assert shop.states(*held) == dict.fromkeys(held, "unaccounted")
    assert list(ledger.new()) == [kept.number]

    desk = Desk(browser.open("/admin/"), kiosk, "ben")
    desk.search("number", lost.number)
    row = desk.page.locator("#result_list tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(lost.number)
    expect(row).to_contain_text("unaccounted")


def open_numbers(shop: Ledger, number: str) -> list[str]:
    """The numbers that were out in the hands of the seat of this one, itself included."""
    rows = shop.ask(
        "SELECT number FROM checkout_number WHERE state = 'outstanding'"
        " AND seat_id = (SELECT seat_id FROM checkout_number WHERE number = ?)",
        number,
    )
    return [row[0] for row in rows]
