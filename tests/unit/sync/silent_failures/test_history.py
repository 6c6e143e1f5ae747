"""History that piles up: on the wire to a new kiosk, in the cloud's log, and on the kiosk as what is long gone."""

import pytest

from edgeshop.journal.models import Change, RowDigest, Stream
from edgeshop.journal.services import forget_old_changes, page, sequence
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.feed import pack_page
from edgeshop.sync.services.wire import pack_answer
from tests.factories.fleet import House
from tests.factories.rows import STREAM, Rows

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
TIMES = 40


def change_often(house: House, rows: Rows, *, times: int) -> None:
    """Ten rows, each changed so often, one after the other."""
    with house.cloud():
        for n in range(times):
            rows.put(**{f"p{key}": 100 * key + n for key in range(10)})
            sequence()


def first_page_bytes(house: House) -> int:
    """What a kiosk that has nothing yet is sent of the stream."""
    with house.cloud():
        found = page(stream=STREAM, epoch=0, seq=0, limit=1000)
    return len(pack_answer({"pages": [pack_page(found)]}))


def test_a_new_kiosk_is_not_told_what_rows_used_to_be(synced, rows):
    change_often(synced, rows, times=1)
    fresh = first_page_bytes(synced)

    change_often(synced, rows, times=TIMES)

    assert first_page_bytes(synced) <= fresh + 8


def test_control_a_kiosk_that_comes_after_every_change_is_told_of_each(synced, rows):
    change_often(synced, rows, times=1)
    fresh, told = first_page_bytes(synced), 0

    for _ in range(TIMES):
        change_often(synced, rows, times=1)
        with synced.cloud():
            told += len(pack_answer({"pages": [pack_page(page(stream=STREAM, epoch=1, seq=seq_before(), limit=1000))]}))

    assert told > 10 * fresh


def seq_before() -> int:
    """Where the stream was ten changes ago."""
    return Stream.objects.get(name=STREAM).seq - 10


def marks(house: House) -> int:
    with house.cloud():
        return Change.objects.filter(stream=STREAM).count()


def test_rows_that_change_all_the_time_do_not_make_the_log_grow(synced, rows):
    change_often(synced, rows, times=TIMES)

    with synced.cloud():
        forget_old_changes()

    assert marks(synced) == 11
    synchronise(synced.client)
    assert rows.below == rows.above


def test_control_a_log_that_is_never_compacted_grows(synced, rows):
    change_often(synced, rows, times=TIMES)

    assert marks(synced) == 10 * TIMES + 1


def come_and_go(house: House, rows: Rows) -> None:
    """Rows under ever new keys that live for one contact."""
    for life in range(6):
        with house.cloud():
            rows.put(**{f"g{life}x{n}": n for n in range(20)})
        synchronise(house.client)
        with house.cloud():
            rows.put(**{f"g{life}x{n}": None for n in range(20)})
        synchronise(house.client)


def test_what_is_gone_does_not_stay_on_the_kiosk_for_ever(synced, rows):
    come_and_go(synced, rows)

    assert rows.below == {"first": 0}
    assert list(RowDigest.objects.filter(stream=STREAM).values_list("key", flat=True)) == ["first"]
    with synced.cloud():
        assert RowDigest.objects.filter(stream=STREAM).count() == 1


def test_control_a_kiosk_that_does_not_hear_of_tombstones_keeps_everything(synced, rows, monkeypatch):
    monkeypatch.setattr("edgeshop.sync.services.feed._keys", lambda _rows: [])
    monkeypatch.setattr("edgeshop.sync.services.contact.is_under_way", lambda: False)
    monkeypatch.setattr("edgeshop.sync.services.repair.due_repairs", lambda *_which, **_but: [])

    come_and_go(synced, rows)

    assert len(rows.below) == 121
