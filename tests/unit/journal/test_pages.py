"""Changes: numbered in commit order, read as the last value of each key, cut without losing any."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from edgeshop.journal import registry
from edgeshop.journal.models import Change
from edgeshop.journal.services import (
    Page,
    apply_page,
    changes,
    cursors,
    numbering,
    page,
    pages,
    restart_streams,
    sequence,
)

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
STREAM = "test/12"


class Shelf:
    """A source with its two ends: what the cloud has and what the kiosk has."""

    def __init__(self) -> None:
        self.above: dict[str, int] = {}
        self.below: dict[str, int] = {}
        self.cursor = 0

    def put(self, **values: int | None) -> None:
        """Change values in the cloud; None takes one away."""
        for key, value in values.items():
            if value is None:
                self.above.pop(key, None)
            else:
                self.above[key] = value
        changes(STREAM, *values)

    def collect(self, _stream, keys):
        return [{"key": key, "value": self.above[key]} for key in keys if key in self.above]

    def apply(self, _stream, rows, gone):
        self.below |= {row["key"]: row["value"] for row in rows}
        for key in gone:
            self.below.pop(key, None)


@pytest.fixture
def shelf(monkeypatch):
    shelf = Shelf()
    monkeypatch.setitem(registry._sources, "test", registry.Source(shelf.collect, shelf.apply))
    return shelf


def read(epoch: int = 1, seq: int = 0, limit: int = 100) -> Page | None:
    return page(stream=STREAM, epoch=epoch, seq=seq, limit=limit)


def test_changes_are_numbered_in_commit_order_and_per_stream(shelf):
    shelf.put(a=1, b=2)
    changes("other", "x")
    shelf.put(a=3)

    assert (sequence(), sequence()) == (4, 0)
    assert list(Change.objects.order_by("id").values_list("stream", "key", "seq")) == [
        (STREAM, "a", 1), (STREAM, "b", 2), ("other", "x", 1), (STREAM, "a", 3),
    ]  # fmt: skip


def test_more_changes_than_fit_into_one_transaction_are_all_numbered(shelf, monkeypatch):
    monkeypatch.setattr(numbering, "_BATCH_MAX", 2)
    shelf.put(a=1, b=2, c=3, d=4, e=5)

    assert sequence() == 5
    assert read() == Page(STREAM, 1, 5, shelf.collect(STREAM, "abcde"), [], more=False)


def test_what_is_not_committed_has_no_number_and_no_page(shelf):
    with transaction.atomic():
        shelf.put(a=1)
        transaction.set_rollback(True)

    assert sequence() == 0
    assert read() is None


def test_a_page_carries_the_last_value_of_each_key_once(shelf):
    shelf.put(a=1)
    shelf.put(b=1)
    shelf.put(a=2)
    sequence()

    assert read() == Page(
        STREAM, epoch=1, seq=3, rows=[{"key": "b", "value": 1}, {"key": "a", "value": 2}], gone=[], more=False
    )
    assert read(seq=3) is None


def test_what_is_gone_travels_as_a_tombstone(shelf):
    shelf.put(a=1, b=1)
    sequence()
    shelf.put(a=None)
    sequence()

    assert read(seq=2) == Page(STREAM, epoch=1, seq=3, rows=[], gone=["a"], more=False)
    assert read(epoch=0, seq=0).gone == []


def test_a_cut_page_says_so_and_the_next_one_goes_on_from_there(shelf):
    shelf.put(a=1, b=1, c=1)
    sequence()
    shelf.put(a=2)
    sequence()

    first = read(limit=2)
    shelf.put(b=9)
    sequence()
    second = read(seq=first.seq, limit=2)

    assert ([row["key"] for row in first.rows], first.seq, first.more) == (["b", "c"], 3, True)
    assert (second.rows, second.seq, second.more) == (
        [{"key": "a", "value": 2}, {"key": "b", "value": 9}], 5, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "then", "told"), [((), ("a",), {"a", "b", "c"}), (("a",), ("b",), {"a", "b"}), (("a",), ("a",), {"a"})]
)
def test_what_has_changed_before_a_cut_is_told_with_what_has_changed_after_it(monkeypatch, first, then, told):
    def collect(_stream, keys):
        return [{"key": key, "a": 1, "b": 2, "c": 3} for key in keys]

    monkeypatch.setitem(registry._sources, "test", registry.Source(collect, lambda *_: None))
    changes(STREAM, "x", fields=first)
    changes(STREAM, "y")
    changes(STREAM, "x", fields=then)
    sequence()

    cut = read(limit=1)
    rest = read(seq=cut.seq, limit=1)

    assert ([row["key"] for row in cut.rows], cut.more) == (["y"], True)
    assert [set(row) - {"key"} for row in rest.rows] == [told]


def test_a_reader_of_another_epoch_and_one_ahead_of_us_start_from_nothing(shelf):
    shelf.put(a=1)
    sequence()
    assert read(seq=7).rows == [{"key": "a", "value": 1}]

    restart_streams()

    epoch = read(epoch=1, seq=1).epoch
    assert epoch > 1
    assert read(epoch=epoch, seq=1) is None


def test_a_stream_that_a_restored_cloud_does_not_know_yet_begins_anew_too(shelf):
    restart_streams()
    shelf.put(a=1)
    sequence()

    assert read(epoch=1, seq=1).rows == [{"key": "a", "value": 1}]


def test_a_restored_cloud_lets_its_kiosks_read_again_and_a_kiosk_needs_no_such_thing(shelf, settings, capsys):
    shelf.put(a=1)
    sequence()

    call_command("restored")

    assert capsys.readouterr().out == "1 streams are compared with what each kiosk has at its next contact.\n"
    assert read(epoch=1, seq=1).rows == [{"key": "a", "value": 1}]
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    with pytest.raises(CommandError, match="notices by itself"):
        call_command("restored")


def test_a_stream_that_nobody_owns_has_no_pages():
    changes("nobody", "x")
    sequence()

    assert page(stream="nobody", epoch=1, seq=0, limit=5) is None


def test_rows_and_cursor_stand_or_fall_together(shelf, monkeypatch):
    received = Page(STREAM, 1, 4, [{"key": "a", "value": 1}], [], False)
    with monkeypatch.context() as patched:
        broken = registry.Source(shelf.collect, lambda *_: 1 / 0)
        patched.setitem(registry._sources, "test", broken)
        with pytest.raises(ZeroDivisionError):
            apply_page(received)
    assert cursors() == {}

    apply_page(received)

    assert (cursors(), shelf.below) == ({STREAM: (1, 4)}, {"a": 1})


def test_a_page_of_a_stream_from_a_newer_release_only_moves_the_cursor():
    apply_page(Page("future/12", 3, 8, [{"key": "?"}], [], False))

    assert cursors() == {"future/12": (3, 8)}


@pytest.mark.parametrize("keys", [1, 30])
def test_a_page_costs_three_queries_however_many_keys(keys, shelf, django_assert_num_queries):
    shelf.put(**{f"k{i}": i for i in range(keys)})
    sequence()

    with django_assert_num_queries(3):
        assert len(read().rows) == keys


class AnyReading(TestCase):
    """However changes, pages, repeats and lost answers are mixed, the reader ends with what the writer has."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("put"), st.sampled_from("abcd"), st.one_of(st.none(), st.integers(0, 9))),
                st.tuples(st.just("read"), st.integers(1, 3), st.sampled_from(["apply", "lose", "twice"])),
            ),
            max_size=30,
        )
    )
    def test_any_mix_of_changes_and_pages_converges(self, steps):
        shelf = Shelf()
        registry._sources["test"] = registry.Source(shelf.collect, shelf.apply)
        try:
            for kind, what, how in steps:
                if kind == "put":
                    shelf.put(**{what: how})
                else:
                    self.contact(shelf, limit=what, how=how)
            while self.contact(shelf, limit=2, how="apply"):
                pass
        finally:
            del registry._sources["test"]

        assert shelf.below == shelf.above

    def contact(self, shelf, *, limit, how):
        sequence()
        found = read(seq=shelf.cursor, limit=limit)
        if found is None:
            return False
        for _ in range({"apply": 1, "lose": 0, "twice": 2}[how]):
            shelf.apply(STREAM, found.rows, found.gone)
            shelf.cursor = found.seq
        return True


def read_as(life: int, seq: int = 0) -> Page | None:
    return page(stream=STREAM, epoch=1, seq=seq, limit=100, life=life)


def test_what_a_reader_knows_is_told_to_its_later_lives_alone(shelf):
    shelf.put(a=1)
    shelf.above["b"] = 2
    changes(STREAM, "b", known_to=1)
    sequence()

    assert [row["key"] for row in read_as(1).rows] == ["a"]
    assert [row["key"] for row in read_as(2).rows] == ["a", "b"]
    assert read_as(1).seq == read_as(2).seq == 2
    assert read_as(1, seq=1) is None
    assert [row["key"] for row in read_as(2, seq=1).rows] == ["b"]


def test_what_a_restored_cloud_learns_anew_is_told_once_to_who_should_know_it(shelf):
    shelf.above = {"old": 1, "new": 2, "newest": 3}
    changes(STREAM, "old", known_to=1)
    sequence()
    restart_streams()
    changes(STREAM, "new", known_to=1)
    changes(STREAM, "newest", known_to=1)
    sequence()

    first = page(stream=STREAM, epoch=1, seq=1, limit=1, life=1)
    second = page(stream=STREAM, epoch=first.epoch, seq=first.seq, limit=1, life=1)

    assert [row["key"] for told in (first, second) for row in told.rows] == ["new", "newest"]
    changes(STREAM, "old", known_to=1)
    sequence()
    assert page(stream=STREAM, epoch=first.epoch, seq=second.seq, limit=1, life=1) is None


def test_after_much_that_it_knows_a_reader_s_cursor_is_moved(shelf, monkeypatch):
    monkeypatch.setattr(pages, "_SKIPPED_MAX", 5)
    for n in range(4):
        changes(STREAM, f"k{n}", known_to=1)
    sequence()
    assert read_as(1) is None
    changes(STREAM, "k4", known_to=1)
    sequence()

    moved = read_as(1)

    assert (moved.seq, moved.rows, moved.gone, moved.more) == (5, [], [], False)


def test_rows_that_bring_little_count_little_and_one_goes_in_any_case(shelf, monkeypatch):
    shelf.above = {f"k{n:02}": n for n in range(20)}
    changes(STREAM, *shelf.above, fields=["value"])
    sequence()

    assert [len(read(limit=limit).rows) for limit in (1, 2)] == [8, 16]
    assert [read(limit=limit).size for limit in (1, 2, 9)] == [1, 2, 3]

    monkeypatch.setitem(registry._sources, "test", registry.Source(shelf.collect, shelf.apply, values=2))
    shelf.put(**{f"n{n:02}": n for n in range(20)})
    sequence()
    assert len(read(seq=20, limit=1).rows) == 4
