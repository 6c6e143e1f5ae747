"""Places that are trusted though they should not be: of a cloud put back, of a cache, of a clock, of our own push."""

import pytest
import requests
from django.db import transaction

from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.journal import registry
from edgeshop.journal.models import Change, Stream
from edgeshop.journal.services import append, changes, cursors, numbering, restart_streams, sequence
from edgeshop.sync.services import synchronise
from tests.factories.checkout import HeldClock
from tests.factories.fleet import House
from tests.factories.rows import STREAM, Rows

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
KIND = "test.sold.v1"


@pytest.fixture
def undigested(house, monkeypatch) -> Rows:
    """As orders are: nothing but the cursor says what a kiosk has."""
    rows = Rows(with_digests=False)
    monkeypatch.setitem(registry._sources, STREAM, rows.source())
    with house.cloud():
        rows.put(first=0)
    synchronise(house.client)
    return rows


def put_back_and_go_on(house: House, rows: Rows) -> None:
    """The cloud is put back to before two changes that the kiosk has seen, nobody says so, and it numbers two others
    alike: the kiosk's place looks as if it were good."""
    with house.cloud():
        before = dict(rows.above)
        rows.put(a=1, b=1)
    synchronise(house.client)
    with house.cloud():
        rows.above.clear()
        rows.above.update(before)
        Change.objects.filter(stream=STREAM, seq__gt=1).delete()
        Stream.objects.filter(name=STREAM).update(seq=1, is_summed=False)
        rows.put(c=2, d=2)
        sequence()
        rows.put(e=2)
    synchronise(house.client)


def test_the_place_in_a_cloud_that_was_put_back_is_not_trusted(synced, rows):
    put_back_and_go_on(synced, rows)

    assert rows.below == rows.above


def test_control_without_digests_nobody_notices(house, undigested):
    put_back_and_go_on(house, undigested)

    assert undigested.below != undigested.above


def put_back_twice(house: House, rows: Rows, held_clock: HeldClock) -> None:
    """The same copy of the cloud is put back, and people say so, on two days. After each the numbers of what is lost
    are given to something else, and the kiosk reads it."""
    for day in (1, 2):
        held_clock.move(hours=1)
        with house.cloud():
            rows.above.clear()
            rows.above["first"] = 0
            Change.objects.filter(stream=STREAM, seq__gt=1).delete()
            Stream.objects.filter(name=STREAM).update(epoch=1, seq=1)
            restart_streams()
            for n in range(day):
                rows.put(**{f"day{day}n{n}": n})
        if day == 1:
            synchronise(house.client)
    synchronise(house.client)


def test_a_copy_that_is_put_back_twice_is_another_cloud_each_time(held_clock, house, undigested):
    put_back_twice(house, undigested, held_clock)

    assert {"first", "day2n0", "day2n1"} <= undigested.below.keys()


def test_control_by_the_next_number_it_is_not(held_clock, house, undigested, monkeypatch):
    monkeypatch.setattr(numbering, "_LIVES_SINCE_S", 2**31)

    put_back_twice(house, undigested, held_clock)

    assert "day2n0" not in undigested.below


def answer_from_a_cache(house: House, rows: Rows) -> requests.Response:
    """A cache between kiosk and cloud answers a later question with what it has kept from an earlier one."""
    kept: list[requests.Response] = []
    house.wire.on_the_way_down = lambda answer: kept.append(answer) or answer
    for value in (1, 2):
        with house.cloud():
            rows.put(a=value)
        synchronise(house.client)
    house.wire.on_the_way_down = lambda _answer: kept[0]
    return kept[0]


def test_an_answer_out_of_a_cache_is_not_taken(synced, rows):
    answer_from_a_cache(synced, rows)
    before = cursors()

    with pytest.raises(CloudUnreachable) as refused:
        synchronise(synced.client)

    assert refused.value.fields["how"] == "not_ours"
    assert (rows.below["a"], cursors()) == (2, before)
    synced.wire.on_the_way_down = lambda answer: answer
    assert synchronise(synced.client).contacts == 1


def test_control_who_does_not_check_goes_back_in_time(synced, rows, monkeypatch):
    answer_from_a_cache(synced, rows)
    monkeypatch.setattr(type(synced.client), "_check", lambda _client, _exchange: None)

    synchronise(synced.client)

    assert rows.below["a"] == 1


def commit_late(house: House, rows: Rows) -> int:
    """A change takes its place first and is committed last, after another one has been numbered and read; where a
    reader by that place would be."""
    with house.cloud():
        late = Change.objects.create(stream=STREAM, key="held")
        Change.objects.filter(pk=late.pk).delete()
        rows.put(a=1)
        place = Change.objects.get(stream=STREAM, key="a").pk
    synchronise(house.client)
    with house.cloud():
        rows.above["held"] = 1
        Change.objects.create(pk=late.pk, stream=STREAM, key="held")
    return place


def test_a_change_that_is_committed_late_is_not_passed_over(synced, rows):
    commit_late(synced, rows)

    synchronise(synced.client)

    assert rows.below == rows.above


def test_control_a_reader_by_the_database_s_own_numbers_passes_it_over(synced, rows):
    place = commit_late(synced, rows)

    with synced.cloud():
        assert not Change.objects.filter(stream=STREAM, pk__gt=place).exists()


@pytest.mark.parametrize("days", [-400, 400])
def test_no_row_is_lost_by_a_clock_that_is_wrong(synced, rows, held_clock, days):
    with synced.cloud():
        rows.put(a=1)
    synchronise(synced.client)
    held_clock.move(days=days)
    with synced.cloud():
        rows.put(b=1)
    held_clock.move(days=-days)

    synchronise(synced.client)

    assert rows.below == rows.above


def push(house: House, rows: Rows, monkeypatch: pytest.MonkeyPatch, *, theirs_known_to: int | None) -> None:
    """Our fact changes a row on the cloud, which notes that we know; in the same moment somebody changes another."""

    def take(_fact, _body):
        rows.above |= {"ours": 1, "theirs": 1}
        changes(STREAM, "theirs", known_to=theirs_known_to)
        changes(STREAM, "ours", known_to=1)
        return registry.Outcome()

    monkeypatch.setitem(registry._handlers, KIND, take)
    with transaction.atomic():
        append(KIND, {"n": 1})
    synchronise(house.client)


def test_what_others_change_while_we_push_is_not_taken_for_our_own(house, undigested, monkeypatch):
    push(house, undigested, monkeypatch, theirs_known_to=None)

    assert undigested.below == {"first": 0, "theirs": 1}


def test_control_if_it_were_we_would_never_hear_of_it(house, undigested, monkeypatch):
    push(house, undigested, monkeypatch, theirs_known_to=1)

    assert undigested.below == {"first": 0}
