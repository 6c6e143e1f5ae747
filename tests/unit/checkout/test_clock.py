"""What time a kiosk sells at: rights by the trusted clock, receipts and prices by the wall, unless that is behind."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from edgeshop.catalog.queries import current_book
from edgeshop.checkout.errors import LimitExceeded, TokenInvalid
from edgeshop.checkout.models import Order
from edgeshop.checkout.services import sell_at_counter
from edgeshop.checkout.tasks import sweep
from edgeshop.kernel import clock
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import authority_now, note_cloud_time, shop_now
from tests.factories.checkout import APPLE, DOLL, KIOSK, SHOP, Browser, Cloud, HeldClock

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@dataclass
class Machine:
    """What the box counts since its start."""

    up_s: float = 1000.0
    boot: int = 1


@pytest.fixture
def machine(cloud: Cloud, held_clock: HeldClock, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A till that has just had its cloud, under the real policy."""
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, limits=REAL))
    machine = Machine()
    monkeypatch.setattr(clock, "boot_s", lambda: machine.up_s)
    monkeypatch.setattr(clock, "boot_id", lambda: f"boot-{machine.boot}")
    cloud.grant()
    note_cloud_time(held_clock.timestamp(), boot_s=machine.up_s)
    return machine


def order(client: Any, browser: Browser, tender: str) -> Any:
    """Through the door, which knows what time to take."""
    body = {"order": browser.order((DOLL, 1), tender=tender), "slip_shown": False}
    browser.tokens.pop(0)
    return client.post("/api/orders", body, content_type="application/json")


def sit(client: Any) -> Browser:
    """A screen with tokens, through the door."""
    browser = Browser()
    said = client.post("/api/seats", {"jwk": browser.jwk, "purpose": "screen"}, content_type="application/json").json()
    browser.seat, browser.seat_id = said["seat"], said["seat_id"]
    fetch(client, browser)
    return browser


def fetch(client: Any, browser: Browser) -> None:
    asked = {"seat": browser.seat, "request": browser.token_request(3, held=[])}
    browser.tokens = client.post("/api/tokens", asked, content_type="application/json").json()["tokens"]


def test_after_a_week_off_it_sells_in_the_morning_at_the_right_time_and_price(
    machine: Machine, held_clock: HeldClock, client: Any
) -> None:
    morning = held_clock.move(days=7)
    machine.up_s, machine.boot = 40.0, 2
    browser = sit(client)

    owed, paid = order(client, browser, "invoice"), order(client, browser, "cash")

    assert (owed.status_code, owed.json()["code"]) == (409, "checkout.limit_exceeded")  # the grant is over, and says so
    assert owed.json()["fields"]["limit_minor"] == 0
    assert paid.status_code == 200
    sold = Order.objects.get()
    assert (sold.placed_at, sold.business_day, sold.total_minor) == (morning, date(2026, 11, 9), 1_050)


def test_the_same_week_with_the_grant_alive_is_the_control(
    machine: Machine, held_clock: HeldClock, client: Any
) -> None:
    held_clock.move(minutes=40)
    machine.up_s, machine.boot = 40.0, 2

    assert order(client, sit(client), "invoice").status_code == 200


def test_a_wall_set_back_revives_no_grant_and_no_token(machine: Machine, held_clock: HeldClock, client: Any) -> None:
    browser = sit(client)
    machine.up_s += 25 * 3600
    held_clock.move(hours=-1)

    late = order(client, browser, "cash")
    with pytest.raises(LimitExceeded):
        sell_at_counter(lines=[(DOLL, 1)], tender="invoice", staff="ben", at=shop_now())

    assert late.json()["code"] == TokenInvalid.code
    assert clock.now() < authority_now() - timedelta(hours=24)


def test_a_dead_wall_still_sells_at_the_cloud_s_time_and_the_day_s_price(
    machine: Machine, held_clock: HeldClock, client: Any
) -> None:
    real = held_clock.at
    held_clock.at = real.replace(year=1980)
    machine.up_s += 60

    assert order(client, sit(client), "invoice").status_code == 200

    sold = Order.objects.get()
    assert (sold.placed_at, sold.total_minor) == (real + timedelta(seconds=60), 1_050)
    assert current_book(SHOP) == 1


def test_a_wall_ten_years_ahead_ends_no_token_and_raises_no_alarm(
    machine: Machine, held_clock: HeldClock, client: Any
) -> None:
    browser = sit(client)
    held_clock.move(days=3650)

    assert sweep() == 0
    assert order(client, browser, "cash").status_code == 200
    held_clock.move(days=-3650)
    machine.up_s += 13 * 3600
    assert sweep() == len(browser.tokens)  # the control


def test_without_a_contact_ever_the_wall_is_all_there_is(ada: Browser, held_clock: HeldClock) -> None:
    sold = sell_at_counter(lines=[(APPLE, 1)], tender="cash", staff="ben", at=shop_now())

    assert Order.objects.get(number=sold.number).placed_at == held_clock.at
    assert Order.objects.get().kiosk_id == KIOSK
