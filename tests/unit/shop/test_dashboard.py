"""The admin's first page: money by currency, hours in the shop's own time, and whatever needs somebody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from edgeshop.checkout.enums import NumberState, Reason
from edgeshop.checkout.models import Number, Order, Review, Void
from edgeshop.checkout.services import issue_grant
from edgeshop.checkout.services.judgement import Flag
from edgeshop.checkout.services.record import open_reviews
from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.kernel import clock
from edgeshop.kernel.ids import ReceiptNumber
from edgeshop.shop import dashboard
from edgeshop.sync.models import Download
from edgeshop.vault.services import KeystoreState, note_cloud_time
from tests.factories.checkout import APPLE, BREAD, HeldClock
from tests.factories.fleet import lend
from tests.factories.shop import sold

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def page() -> dict[str, Any]:
    """What the first page shows."""
    return dashboard.fill(RequestFactory().get("/admin/"), {"kept": "as it was"})


def bars() -> list[tuple[str, int, int]]:
    return [(bar.hour, bar.orders, bar.height_pct) for bar in page()["bars"]]


@pytest.fixture
def ledger(settings: Any, kiosk: Kiosk) -> None:
    """The same data, looked at in the cloud."""
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=True)


def sell_elsewhere(*, currency: str, exponent: int, total_minor: int) -> Kiosk:
    """Another shop with other money has sold, too."""
    shop = Shop.objects.create(name="Far away", currency=currency, exponent=exponent, timezone="Asia/Tokyo")
    kiosk = Kiosk.objects.create(shop=shop, name="Far till", epoch=1)
    number = ReceiptNumber(shop.pk, kiosk.pk, 1, 1)
    now = clock.now()
    Number.objects.create(
        number=str(number), kiosk=kiosk, epoch=1, seq=1, state=NumberState.SOLD, minted_at=now, ended_at=now
    )
    order = Order.objects.latest("committed_at")
    order.pk, order.number_id, order.kiosk, order.receipt_key = number.order_id, str(number), kiosk, "far"
    order.currency, order.total_minor, order.net_minor, order.tax_minor = currency, total_minor, total_minor, 0
    order.save(force_insert=True)
    return kiosk


def log_in(role: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.create_user(role, password="x", is_staff=True, role=role))
    return client


def test_a_new_kiosk_shows_how_far_it_is_and_an_old_one_does_not(kiosk: Kiosk):
    Download.objects.create(name="a" * 64, group="text", size=3000, place=1, before=1000)
    shown = log_in("operator").get("/admin/").content.decode()
    Download.objects.all().delete()

    assert "How far is this new kiosk?" in shown
    assert "25 %" in shown
    assert "1.0 kB of 4.0 kB are here" in shown
    assert "✓ sells already" in shown
    assert "to come: text." in shown
    assert page()["first_sync"] is None


def test_an_empty_day_has_nothing_to_show(kiosk: Kiosk):
    found = page()

    assert {name: found[name] for name in ("kept", "title", "is_ledger", "sold_count", "sold_totals")} == {
        "kept": "as it was",
        "title": "Overview",
        "is_ledger": False,
        "sold_count": 0,
        "sold_totals": [],
    }
    assert [found[name] for name in ("reviews_count", "unaccounted_count", "unsent_count", "unsent_oldest")] == [
        0,
        0,
        0,
        None,
    ]
    assert list(found["reviews"]) == []
    assert bars() == [(f"{hour:02}", 0, 0) for hour in range(12)]


def test_one_order_is_one_sum_and_one_bar(kiosk: Kiosk, held_clock: HeldClock):
    sold(APPLE, qty=500, at=held_clock.at)

    found = page()

    assert (found["sold_count"], found["sold_totals"], found["unsent_count"]) == (1, ["1,250.00 EUR"], 1)
    assert found["unsent_oldest"] == held_clock.at
    assert "the oldest written just now" in log_in("operator").get("/admin/").content.decode()
    assert bars()[-1] == ("11", 1, 100)  # ten o'clock UTC is eleven in Berlin


def test_many_orders_fall_into_their_hours(kiosk: Kiosk, held_clock: HeldClock):
    now = held_clock.at
    for back, orders in ((0, 1), (1, 4), (11, 2), (12, 3), (24, 1), (25, 5)):
        sold(BREAD, orders=orders, at=now - timedelta(hours=back))

    found = page()

    assert (found["sold_count"], found["sold_totals"]) == (11, ["43.89 EUR"])
    assert bars() == [("00", 2, 50), *[(f"{hour:02}", 0, 0) for hour in range(1, 10)], ("10", 4, 100), ("11", 1, 25)]


def test_hours_are_utc_where_shops_keep_different_time(kiosk: Kiosk, held_clock: HeldClock):
    sold(APPLE, at=held_clock.at)
    sell_elsewhere(currency="EUR", exponent=2, total_minor=100)

    assert (page()["bars_zone"], bars()[-1]) == ("UTC", ("10", 2, 100))


@pytest.mark.parametrize(
    ("zone", "shown", "hour"),
    [("Asia/Kolkata", "Asia/Kolkata", "15"), ("Not/Here", "UTC", "10"), ("../etc", "UTC", "10"), ("", "UTC", "10")],
)
def test_hours_are_the_shops_own_where_its_time_zone_is_known(
    kiosk: Kiosk, held_clock: HeldClock, zone: str, shown: str, hour: str
):
    Shop.objects.update(timezone=zone)
    sold(APPLE, at=held_clock.at)

    assert (page()["bars_zone"], bars()[-1]) == (shown, (hour, 1, 100))


def test_money_of_different_currencies_is_never_added(kiosk: Kiosk, ledger: None, held_clock: HeldClock):
    sold(APPLE, at=held_clock.at)
    sell_elsewhere(currency="JPY", exponent=0, total_minor=1_234_567)

    found = page()

    assert (found["sold_count"], found["sold_totals"]) == (2, ["2.50 EUR", "1,234,567 JPY"])


def test_what_was_undone_was_not_sold(kiosk: Kiosk, held_clock: HeldClock):
    sold(APPLE, orders=2, at=held_clock.at)
    Void.objects.create(order=Order.objects.first(), at=held_clock.at, by="mia")

    assert (page()["sold_totals"], bars()[-1]) == (["2.50 EUR"], ("11", 1, 100))


@pytest.mark.parametrize(
    ("amount", "exponent", "said"),
    [(5, 2, "0.05 EUR"), (0, 2, "0.00 EUR"), (10**17 + 1, 2, "1,000,000,000,000,000.01 EUR"), (1, 3, "0.001 EUR")],
)
def test_money_is_said_to_the_last_digit(amount: int, exponent: int, said: str):
    assert dashboard._money(amount, "EUR", exponent) == said


def test_the_menu_has_no_empty_badge(kiosk: Kiosk):
    client = log_in("manager")
    assert "min-w-[18px]" not in client.get("/admin/").content.decode()

    sold(APPLE, at=clock.now())
    open_reviews(Order.objects.get(), [Flag(Reason.OVERSOLD, {})], at=clock.now())
    assert "min-w-[18px]" in client.get("/admin/").content.decode()


def test_reviews_wait_oldest_first_and_the_menu_counts_them(kiosk: Kiosk, held_clock: HeldClock):
    request = RequestFactory().get("/admin/")
    before = dashboard.reviews_badge(request)
    sold(APPLE, orders=8, at=held_clock.at)
    for order in Order.objects.order_by("number__seq"):
        open_reviews(order, [Flag(Reason.OVERSOLD, {})], at=held_clock.move(minutes=1))
    Review.objects.filter(order__number__seq=1).update(decision="accept", decided_at=held_clock.at)

    found = page()

    assert (before, dashboard.reviews_badge(request), found["reviews_count"]) == ("", "7", 7)
    assert [review.order.number_id for review in found["reviews"]] == [f"3-12-1-{seq}" for seq in range(2, 8)]
    text = log_in("manager").get("/admin/").content.decode()
    assert [f">3-12-1-{seq}</a>" in text for seq in range(1, 9)] == [False, *[True] * 6, False]


def test_numbers_that_nobody_accounted_for_are_counted(kiosk: Kiosk, held_clock: HeldClock):
    sold(APPLE, orders=2, at=held_clock.at)
    Number.objects.filter(seq=1).update(state=NumberState.UNACCOUNTED)

    assert page()["unaccounted_count"] == 1


def test_the_cloud_shows_the_kiosks_that_were_silent_for_longest(kiosk: Kiosk, ledger: None, held_clock: HeldClock):
    now = held_clock.at
    Kiosk.objects.update(is_self=False)
    for name, ago, unsent in (("fresh", 1, 0), ("silent", 5, 3), ("edge", 2, 1)):
        Kiosk.objects.create(
            shop=kiosk.shop, name=name, last_contact_at=now - timedelta(minutes=ago), unsent_count=unsent,
            unsent_oldest_at=now - timedelta(minutes=ago) if unsent else None,
        )  # fmt: skip
    Kiosk.objects.create(shop=kiosk.shop, name="revoked", revoked_at=now, unsent_count=0)

    found = page()

    assert [(k["name"], k["is_well"]) for k in found["kiosks"]] == [
        ("Till", False),
        ("silent", False),
        ("edge", True),
        ("fresh", True),
    ]
    assert (found["unsent_count"], found["unsent_oldest"]) == (4, now - timedelta(minutes=5))


@pytest.mark.parametrize(("is_ledger", "said"), [(True, ["Cloud", "info"]), (False, ["Kiosk", "warning"])])
def test_the_header_says_which_tier_this_is(settings: Any, is_ledger: bool, said: list[str]):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=is_ledger)

    assert dashboard.where(RequestFactory().get("/admin/")) == said


def test_the_page_opens_under_its_own_name(kiosk: Kiosk, held_clock: HeldClock):
    sold(APPLE, at=held_clock.at)

    text = log_in("manager").get("/admin/").content.decode()

    assert "Site administration" not in text
    assert "Overview | EdgeShop" in text
    assert '<div class="es-big">2.50 EUR</div>' in text
    assert "1 order; by hour (Europe/Berlin), the last twelve:" in text
    assert f'<a href="/admin/fleet/kiosk/{kiosk.pk}/change/">Till</a>' in text


def test_an_attendant_is_shown_no_way_to_where_only_managers_go(kiosk: Kiosk):
    client = log_in("attendant")

    text = client.get("/admin/").content.decode()

    assert "<span>Till</span>" in text
    assert "/admin/fleet/kiosk/" not in text


def test_three_of_everything_ask_the_database_as_often_as_one(kiosk: Kiosk, held_clock: HeldClock):
    client = log_in("manager")
    asked = []
    for _ in (1, 2, 3):
        sold(APPLE, at=held_clock.at)
        open_reviews(Order.objects.latest("number__seq"), [Flag(Reason.OVERSOLD, {})], at=held_clock.at)
        Kiosk.objects.create(shop=kiosk.shop, name="Another", last_contact_at=held_clock.at)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        asked.append(len(queries))

    assert asked == [asked[0]] * 3


def test_a_box_without_its_chip_says_so_on_the_first_page(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    boss = Staff.objects.create_superuser("boss")
    browser = Client()
    browser.force_login(boss)
    said = "This box sells at trust level 1: There is no such token."

    assert said not in browser.get("/admin/").content.decode()
    monkeypatch.setattr(dashboard, "keystore_state", lambda: KeystoreState("pkcs11", 1, "There is no such token."))
    assert said in browser.get("/admin/").content.decode()


def test_a_kiosk_s_first_page_says_which_leases_wear_out(client: Client, kiosk: Kiosk, held_clock: HeldClock):
    lend("card", "canary-5x")
    client.force_login(Staff.objects.create_superuser("root", password="x"))
    assert page()["leases"] == []

    held_clock.move(days=11)
    shown = client.get("/admin/").content.decode()

    assert [(said["name"], said["state"]) for said in page()["leases"]] == [("card", "stale"), ("vapid", "stale")]
    assert "serves until 2 Dec, 10:00" in shown
    assert "canary" not in shown


def test_a_kiosk_s_first_page_says_when_its_clock_is_wrong(
    client: Client, kiosk: Kiosk, held_clock: HeldClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clock, "boot_s", lambda: 1000.0)
    note_cloud_time(held_clock.timestamp(), boot_s=1000.0)
    client.force_login(Staff.objects.create_superuser("root", password="x"))
    assert page()["clock_off"] is None

    held_clock.move(hours=-3)

    assert (page()["clock_off"], page()["clock_is_behind"]) == (timedelta(hours=3), True)
    assert "3:00:00 behind; set it" in client.get("/admin/").content.decode()


def test_a_revoked_kiosk_says_so_first(kiosk: Kiosk, held_clock: HeldClock):
    client = log_in("operator")
    said = "This kiosk is revoked."
    assert said not in client.get("/admin/").content.decode()

    Kiosk.objects.update(revoked_at=held_clock.at)

    text = client.get("/admin/").content.decode()
    assert said in text
    assert '<a href="/enrol">' in text


def test_a_kiosk_shows_how_far_its_grant_is_used(kiosk: Kiosk) -> None:
    shown = page()

    assert (shown["grant"].state, shown["grant_used"], shown["grant_window"]) == ("expired", "0.00 EUR", "0.00 EUR")


def test_the_cloud_shows_all_open_windows_and_their_limit(ledger: None) -> None:
    assert page()["windows"] == [{"open": "0.00 EUR", "most": "25,000.00 EUR"}]
    issue_grant(12)
    assert page()["windows"] == [{"open": "200.00 EUR", "most": "25,000.00 EUR"}]


def test_the_policy_for_tests_sets_no_limit_for_all_grants_together(ledger: None, kiosk: Kiosk, settings: Any):
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, policy="test"))

    assert page()["windows"] == [{"open": "0.00 EUR", "most": ""}]
