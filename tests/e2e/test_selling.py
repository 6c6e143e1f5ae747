"""Selling while links fail: each order once, from the slip in the shopper's hand to the cloud's ledger."""

import pytest
from playwright.sync_api import expect

from edgeshop.qa.browser import Profile
from tests.e2e import office
from tests.e2e.ledger import Ledger
from tests.e2e.screen import Screen, numbers

pytestmark = pytest.mark.e2e


def test_a_sale_is_confirmed_at_once_and_settles_on_the_open_receipt(screen, ledger, goods):
    mug, bowl = goods[:2]

    screen.to_pay(mug, bowl, mug).choose("card")
    slip = screen.receipt()

    assert (slip.state in {"confirmed", "acknowledged", "settled"}, slip.tender) == (True, "card")
    assert slip.lines == {mug.id: (2, mug.price_minor), bowl.id: (1, bowl.price_minor)}
    assert slip.total_minor == 2 * mug.price_minor + bowl.price_minor
    expect(screen.at("receipt-state")).to_have_text("Confirmed")
    expect(screen.at("receipt-state")).to_have_attribute("data-state", "settled", timeout=60_000)
    assert ledger.settle(slip.number) == {slip.number: slip.settled}
    assert screen.says("unsent") == 0


def test_while_the_cloud_is_away_the_kiosk_confirms_and_the_order_settles_later(screen, ledger, kiosk, links, goods):
    links.back.down()
    office.hear(kiosk)
    screen.connected("shop_alone")

    screen.to_pay(goods[2]).choose("cash")
    slip = screen.receipt()

    expect(screen.at("receipt-state")).to_have_text("Confirmed")
    assert (slip.state, screen.says("unsent"), ledger.new()) == ("confirmed", 1, {})
    assert kiosk.unsent() > 0
    links.heal()
    screen.slip_is(slip.number, "settled")
    assert ledger.settle(slip.number) == {slip.number: slip.settled}
    assert (screen.says("unsent"), kiosk.unsent()) == (0, 0)


def test_a_slip_of_the_screen_alone_is_handed_over_and_its_bytes_kept_until_the_cloud_has_it(
    screen, ledger, kiosk, links, goods
):
    shop = Ledger(kiosk)
    links.cut()
    screen.connected("screen_alone")

    screen.to_pay(goods[3]).choose("counter")
    slip = screen.receipt()

    expect(screen.at("receipt-state")).to_have_text("Confirmation follows")
    assert (slip.state, screen.says("unsent"), shop.new()) == ("provisional", 1, {})
    links.front.up()
    expect(screen.at("receipt-state")).to_have_text("Confirmed", timeout=60_000)
    assert (screen.slip(slip.number).state, screen.says("unsent"), ledger.new()) == ("confirmed", 1, {})
    assert shop.states(slip.number) == {slip.number: "sold"}
    links.back.up()
    screen.slip_is(slip.number, "settled")
    assert screen.says("unsent") == 0
    assert ledger.settle(slip.number) == {slip.number: slip.settled}


def test_orders_of_both_outages_survive_a_closed_browser(screen: Screen, browser: Profile, ledger, links, goods):
    links.cut()
    screen.connected("screen_alone")
    first = screen.sell(goods[4], goods[5])

    again = Screen(browser.restart())
    second = again.sell(goods[6], tender="invoice")

    assert [(slip.number, slip.state) for slip in again.slips()] == [
        (second.number, "provisional"),
        (first.number, "provisional"),
    ]
    assert again.says("unsent") == 2
    links.heal()
    again.unsent_is(0)
    sold = ledger.settle(first.number, second.number)
    assert sold == {first.number: first.settled, second.number: second.settled}


def test_an_answer_lost_at_pay_and_then_silence_make_one_order(screen, browser, ledger, kiosk, links, goods):
    shop = Ledger(kiosk)
    links.front.lose_answers(50, path="/api/orders")
    screen.to_pay(goods[7]).choose("cash")
    slip = screen.receipt()
    kiosk.wait_until(lambda: links.front.answers_lost > 0, what="lost answer")
    links.front.down()

    assert (slip.state, list(shop.new())) == ("provisional", [slip.number])
    again = Screen(browser.restart())
    again.slip_is(slip.number, "provisional")
    assert numbers(again.slips()) == [slip.number]
    links.heal()
    again.slip_is(slip.number, "settled")
    assert ledger.settle(slip.number) == {slip.number: slip.settled}
    assert (list(shop.new()), again.says("unsent")) == ([slip.number], 0)


@pytest.mark.parametrize("outage", ["no_outage", "screen_alone"])
def test_two_tabs_that_sell_at_once_use_two_numbers(screen, browser, ledger, links, goods, outage):
    other = Screen(screen.page.context.new_page())
    other.page.goto(browser.url)
    other.ready()
    if outage == "screen_alone":
        links.front.down()
        screen.connected("screen_alone")
        other.connected("screen_alone")
    screen.to_pay(goods[8])
    other.to_pay(goods[9])

    for tab in (screen, other):
        tab.page.evaluate("document.querySelector('[data-testid=tender-cash]').click()")
    slips = [screen.receipt(), other.receipt()]

    assert slips[0].number != slips[1].number
    assert [slip.lines for slip in slips] == [{item.id: (1, item.price_minor)} for item in goods[8:10]]
    links.heal()
    screen.unsent_is(0)
    sold = ledger.settle(*numbers(slips))
    assert sold == {slip.number: slip.settled for slip in slips}


def test_a_page_reloaded_in_the_middle_of_paying_makes_one_order(screen, ledger, links, goods):
    screen.to_pay(goods[10])
    links.front.set("half_open")
    screen.choose("cash")
    screen.unsent_is(1)

    screen.page.reload()
    screen.page.wait_for_function("() => window.edgeshop?.slips().length === 1", timeout=60_000)
    slip = screen.slips()[0]

    assert (slip.lines, slip.state) == ({goods[10].id: (1, goods[10].price_minor)}, "provisional")
    assert screen.says("lines") == []
    links.heal()
    screen.slip_is(slip.number, "settled")
    assert ledger.settle(slip.number) == {slip.number: slip.settled}
