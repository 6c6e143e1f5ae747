"""The example of docs/testing.md, kept true: a whole offline-mode test in ten lines."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def test_a_basket_is_sold_while_the_screen_is_on_its_own(shopper, links, kiosk, cloud):
    before = cloud.get("/sync/status")["orders"]["settled"]
    links.cut()

    shopper.get_by_text("Touch to start").click()
    shopper.get_by_role("button", name="Add ").first.click()
    shopper.get_by_role("button", name="Pay").click()
    shopper.get_by_role("button", name="Cash").click()
    expect(shopper.get_by_text("Confirmation follows")).to_be_visible()

    links.heal()
    kiosk.wait_until(lambda: cloud.get("/sync/status")["orders"]["settled"] == before + 1, what="settled order")
