"""What a kiosk has counted, by hour and then by day, and how the cloud comes to know it."""

from datetime import date

import pytest

from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.sync.models import DayEgress, Egress, LinkAccount
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.egress.ledger import days
from edgeshop.sync.services.egress.section import answer_egress, ask_egress
from tests.factories.fleet import KIOSK
from tests.factories.links import move, on, tell_to_go_by, with_knobs
from tests.factories.links import rules as rules_of_class

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _november(held_clock):
    held_clock.at = on(10, 9)


def at_cloud(house) -> list[tuple[date, str, str, int, int]]:
    with house.cloud():
        rows = DayEgress.objects.order_by("on", "stream", "grade")
        return list(rows.values_list("on", "stream", "grade", "up_bytes", "down_bytes"))


def test_an_hour_is_one_row_however_often_something_moves(house, held_clock):
    for _ in range(20):
        move("facts", up=10, down=1)
    move("facts", up=5, grade="C")
    held_clock.move(hours=1)
    move("facts", up=7)

    rows = Egress.objects.order_by("hour", "grade").values_list("hour", "grade", "up_bytes", "down_bytes")
    assert list(rows) == [(on(10, 9), "B", 200, 20), (on(10, 9), "C", 5, 0), (on(10, 10), "B", 7, 0)]


def test_days_that_are_over_fold_into_one_row_and_keep_their_sums(house, held_clock):
    for _ in range(3 * 24):
        move("facts", up=10)
        move("prices", down=3)
        held_clock.move(hours=1)
    before = days(since=on(1), until=on(30))

    held_clock.move(days=3)
    move("facts", up=1)

    assert days(since=on(1), until=on(15)) == before
    assert Egress.objects.filter(hour__lt=on(13)).count() == 2 * 3
    assert days(since=on(10), until=on(11)) == [
        ("2026-11-10", ("facts", "B", 150, 0, 0)),
        ("2026-11-10", ("prices", "B", 0, 45, 0)),
    ]


def test_money_is_what_bytes_cost_and_free_ones_cost_nothing(house, settings):
    with_knobs(settings, price_gb="4.09 EUR")

    move("facts", up=600, down=400)
    move("facts", up=600, down=400, grade="A")

    assert dict(Egress.objects.values_list("grade", "cost_pico")) == {"A": 0, "B": 4_090_000}


def test_the_cloud_has_each_day_once_an_hour_is_over(house, held_clock):
    move("facts", up=100, down=20)
    synchronise(house.client)
    assert at_cloud(house) == []

    held_clock.move(hours=1)
    synchronise(house.client)

    assert at_cloud(house) == [(date(2026, 11, 10), "facts", "B", 100, 20)]


def test_lost_answers_double_nothing(house, held_clock):
    move("facts", up=100, down=20)
    held_clock.move(hours=1)

    def lose(_response):
        raise CloudUnreachable("Lost.", how="timed_out")

    house.wire.on_the_way_down = lose
    for _ in range(3):
        with pytest.raises(CloudUnreachable):
            synchronise(house.client)
    house.wire.on_the_way_down = lambda response: response
    synchronise(house.client)
    synchronise(house.client)

    assert at_cloud(house) == [(date(2026, 11, 10), "facts", "B", 100, 20)]


def test_a_ledger_that_is_known_costs_nothing_on_the_wire(house, held_clock):
    move("facts", up=100, down=20)
    held_clock.move(hours=1)
    for _ in range(4):
        synchronise(house.client)

    assert house.wire.said[-1].status_code == 204
    assert len(house.wire.asked[-1].path_url) < len("/sync?") + 40


def test_a_kiosk_that_was_alone_when_the_month_ended_tells_its_last_days(house, held_clock):
    held_clock.at = on(30, 22)
    move("facts", up=100)
    held_clock.move(days=3)
    move("facts", up=1)
    held_clock.move(hours=1)

    synchronise(house.client)

    assert [(row[0], row[3]) for row in at_cloud(house)] == [(date(2026, 11, 30), 100), (date(2026, 12, 3), 1)]


def test_a_count_never_falls_when_a_disk_was_put_back(house, held_clock):
    move("facts", up=100)
    held_clock.move(hours=1)
    told = ask_egress()
    with house.cloud():
        answer_egress(KIOSK, told)
        answer_egress(KIOSK, {**told, "2026-11-10": [[1, 1, 60, 0, 0]]})

    assert at_cloud(house) == [(date(2026, 11, 10), "facts", "B", 100, 0)]


@pytest.mark.parametrize(
    "said",
    [{"2026-13-01": []}, {"today": []}, {"2026-11-10": [[1, 1, -1, 0, 0]]}, {"2026-11-10": [[99, 1, 0, 0, 0]]},
     {"2026-11-10": [[1, 9, 0, 0, 0]]}, {"2026-11-10": [[1, 1, 2**63, 0, 0]]}, {"2026-11-10": 4}],
)  # fmt: skip
def test_what_is_no_ledger_is_refused_and_nothing_is_kept(house, said):
    from edgeshop.kernel.errors import InvalidInput

    with house.cloud(), pytest.raises(InvalidInput):
        answer_egress(KIOSK, said)

    assert at_cloud(house) == []


def test_the_share_of_the_cap_is_kept_for_the_list(house, held_clock):
    move("facts", up=50_000_000)
    held_clock.move(hours=1)
    with house.cloud():
        tell_to_go_by(KIOSK, rules_of_class("vending"))
        answer_egress(KIOSK, None)
    told = ask_egress()
    with house.cloud():
        answer_egress(KIOSK, told)
        assert LinkAccount.objects.get().spent_pct == 50.0


def a_month() -> dict[str, list[list[int]]]:
    """Eight streams on each of thirty days, as a kiosk tells them."""
    return {f"2026-11-{day:02}": [[stream, 1, 100, 100, 0] for stream in range(8)] for day in range(1, 31)}


def test_one_row_that_has_grown_in_a_full_month_is_the_only_one_written(house, django_assert_max_num_queries):
    month = a_month()
    with house.cloud():
        answer_egress(KIOSK, month)
        month["2026-11-30"][0][2] = 200
        with django_assert_max_num_queries(12) as asked:
            answer_egress(KIOSK, month)

        written = [said["sql"] for said in asked.captured_queries if said["sql"].startswith("INSERT")]
        assert len(written) == 1
        assert written[0].count("2026-11-") == 1
        assert DayEgress.objects.count() == 8 * 30
        assert DayEgress.objects.get(up_bytes=200).on == date(2026, 11, 30)


def test_each_count_is_the_greatest_that_was_told_even_within_one_ledger(house):
    with house.cloud():
        answer_egress(KIOSK, {"2026-11-10": [[1, 1, 100, 5, 0]]})
        answer_egress(
            KIOSK, {"2026-11-10": [[1, 1, 60, 12, 0], [1, 1, 120, 1, 0]], "20261110": [["facts", 1, 1, 2, 0]]}
        )

    assert at_cloud(house) == [(date(2026, 11, 10), "facts", "B", 120, 12)]
