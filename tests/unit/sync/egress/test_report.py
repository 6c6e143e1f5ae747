"""The month's report, and the windows that show it."""

from dataclasses import replace
from datetime import date

import pytest

from edgeshop.fleet.models import Staff
from edgeshop.sync.models import DayEgress, LinkAccount
from edgeshop.sync.services.egress.chart import chart_of, in_words, worded
from edgeshop.sync.services.egress.report import month_report
from tests.factories.fleet import KIOSK, make_kiosk, make_staff
from tests.factories.links import move, on, rules, tell_to_go_by

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
TODAY = date(2026, 11, 10)
ROWS = [
    (date(2026, 11, day), stream, grade, up, down, 0)
    for day in range(1, 11)
    for stream, grade, up, down in (("facts", "B", 200_000, 100_000), ("prices", "C", 0, 700_000))
]


def test_a_report_adds_up_by_day_by_stream_and_by_grade():
    free = [(TODAY, "pictures", "A", 0, 5_000_000, 0)]
    found = month_report([*ROWS, *free], TODAY, rules("vending"))

    assert (found.cap, found.spent, found.spent_pct) == (100_000_000, 10_000_000, 10.0)
    assert [(line.name, line.up_bytes, line.down_bytes) for line in found.by_stream] == [
        ("prices", 0, 7_000_000),
        ("pictures", 0, 5_000_000),
        ("facts", 2_000_000, 1_000_000),
    ]
    assert {line.name for line in found.by_grade} == {"A", "B", "C"}
    assert [day.total for day in found.days[8:12]] == [9_000_000, 10_000_000, None, None]
    assert (len(found.days), found.days[14].planned, found.days[-1].planned) == (30, 50_000_000, 100_000_000)


def test_the_forecast_goes_on_as_the_last_days_did():
    assert month_report(ROWS, TODAY, rules("vending")).forecast == pytest.approx(30_000_000)
    assert month_report(ROWS[:2], date(2026, 11, 1), None).forecast == pytest.approx(30_000_000)
    assert month_report([], TODAY, None).forecast == 0


def test_words_say_what_the_lines_do():
    calm = month_report(ROWS, TODAY, rules("vending"))
    over = month_report([(date(2026, 11, 9), "facts", "B", 70_000_000, 0, 0)], TODAY, rules("vending"))

    assert in_words(calm) == "10.0 MB of 100.0 MB this month, 10 %. About 30.0 MB by its end. That stays under the cap."
    assert "over the cap" in in_words(over)
    assert "sets no cap" in in_words(month_report(ROWS, TODAY, None))
    assert worded(4_090_000_000_000, "EUR") == "4.09 EUR"


def test_the_chart_lies_within_its_picture_and_has_a_bar_for_each_day():
    chart = chart_of(month_report(ROWS, TODAY, rules("vending")))

    points = [tuple(map(float, p.split(","))) for p in f"{chart.real} {chart.planned} {chart.forecast}".split()]
    assert all(0 <= x <= 640 and 0 <= y <= 200 for x, y in points)
    assert len(chart.bars) == 10
    assert (chart.top, chart_of(month_report([], TODAY, None)).top) == ("100.0 MB", "")
    assert chart_of(month_report([], TODAY, None)).planned == ""


@pytest.fixture
def operator(client, shop, held_clock):
    held_clock.at = on(10, 9)
    client.force_login(make_staff("olga", role=Staff.Role.OPERATOR))
    return client


def test_the_list_begins_with_who_is_nearest_to_its_cap(operator, shop):
    for pk, name, share in ((21, "Low", 12.0), (22, "Spent", 130.0), (23, "Near", 85.0)):
        LinkAccount.objects.create(kiosk=make_kiosk(shop, pk=pk, name=name), spent_pct=share)

    page = operator.get("/admin/sync/linkaccount/").content.decode()

    assert page.index("Spent") < page.index("Near") < page.index("Low")
    assert all(word in page for word in ("130 %", "near its cap", "85 %"))


def test_a_kiosks_page_draws_plan_against_actual_and_says_it_in_a_table(operator, kiosk):
    tell_to_go_by(KIOSK, rules("vending"))
    LinkAccount.objects.create(kiosk=kiosk)
    DayEgress.objects.bulk_create(
        DayEgress(kiosk=kiosk, on=on_, stream=s, grade=g, up_bytes=up, down_bytes=down)
        for on_, s, g, up, down, _ in ROWS
    )

    page = operator.get(f"/admin/sync/linkaccount/{KIOSK}/change/").content.decode()

    assert "10.0 MB of 100.0 MB this month" in page
    assert page.count("<rect") >= 10
    assert all(part in page for part in ("<title", "<desc", 'role="img"', "By stream", "By grade", "By day", "7.0 MB"))
    assert "cost</td>" not in page


def test_a_kiosk_shows_its_own_hours_and_the_cloud_does_not(operator, settings):
    move("facts", up=1234)
    in_cloud = operator.get("/admin/sync/egress/").status_code
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    page = operator.get("/admin/sync/egress/").content.decode()

    assert in_cloud == 403
    assert "1.2 kB" in page


def test_attendants_do_not_look_at_what_traffic_costs(client, shop):
    client.force_login(make_staff("ada", shop=shop))

    assert client.get("/admin/sync/linkaccount/").status_code == 403


@pytest.mark.parametrize(
    ("silent_s", "gap_s", "word"),
    [(119, 0, "well"), (121, 0, "silent"), (900, 900, "well"), (961, 900, "late"), (2701, 900, "silent")],
)
def test_the_list_of_kiosks_goes_by_the_gap_that_each_promises(operator, kiosk, held_clock, silent_s, gap_s, word):
    from datetime import timedelta

    kiosk.enrolled_at, kiosk.promised_gap_s = on(1), gap_s
    kiosk.last_contact_at = held_clock.at - timedelta(seconds=silent_s)
    kiosk.save()

    page = operator.get("/admin/fleet/kiosk/").content.decode()

    assert f">{word}<" in " ".join(page.split()).replace("> ", ">").replace(" <", "<")
