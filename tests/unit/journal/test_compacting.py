"""Old marks go when newer ones say as much, and no reader can tell."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from edgeshop.journal import registry, tasks
from edgeshop.journal.models import Change
from edgeshop.journal.services import Page, changes, forget_old_changes, page, sequence

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
STREAM, NAMES = "test", ("a", "b", "c")
marks = st.lists(
    st.tuples(
        st.sampled_from("xyz"),
        st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(NAMES), min_size=1)),
        st.sampled_from([None, None, 1, 2]),
    ),
    max_size=14,
)


def collect(_stream, keys):
    return [{"key": key} | dict.fromkeys(NAMES, 7) for key in keys if key != "z"]


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setitem(registry._sources, STREAM, registry.Source(collect, lambda *_: None))


def what_everybody_reads(count: int) -> list[Page | None]:
    """The next page of every reader: at each place, in each life, with two limits."""
    return [read(seq=seq, life=life, limit=limit) for seq in range(count + 1) for life in (1, 2, 3) for limit in (1, 9)]


def what_they_read_in_the_end(count: int) -> list[Page | None]:
    """The same, when pages that were cut have widened the marks behind them."""
    before, again = None, what_everybody_reads(count)
    while before != again:
        before, again = again, what_everybody_reads(count)
    return again


def read(**reader) -> Page | None:
    found = page(stream=STREAM, epoch=1, **reader)
    return found and replace(found, rows=sorted(found.rows, key=lambda row: row["key"]))


class AnyMarks(TestCase):
    """Whatever was marked, in whichever order, for whom."""

    @settings(max_examples=12, deadline=None)
    @given(said=marks)
    @example(said=[("y", frozenset(), 1), ("x", frozenset(), None), ("y", frozenset({"a"}), None)])
    def test_every_reader_gets_the_same_page_as_before(self, said):
        registry._sources[STREAM] = registry.Source(collect, lambda *_: None)
        try:
            for key, fields, known_to in said:
                changes(STREAM, key, fields=fields, known_to=known_to)
            sequence()
            before = what_they_read_in_the_end(len(said))

            forget_old_changes()

            assert what_everybody_reads(len(said)) == before
            assert forget_old_changes() == 0
        finally:
            del registry._sources[STREAM]


def left() -> list[tuple[str, int | None, str]]:
    return list(Change.objects.order_by("id").values_list("key", "seq", "fields"))


def test_one_mark_stays_of_a_row_that_changes_all_the_time(source):
    for _ in range(30):
        changes(STREAM, "x", fields=["a"])
    changes(STREAM, "y", fields=["a", "b"])
    changes(STREAM, "y", fields=["a"])
    sequence()
    changes(STREAM, "x", fields=["a"])

    assert tasks.forget_changes() == 29
    assert left() == [("x", 30, "a"), ("y", 31, "a b"), ("y", 32, "a"), ("x", None, "a")]


def test_a_mark_for_fewer_people_replaces_none_for_more(source):
    changes(STREAM, "x")
    changes(STREAM, "x", known_to=1)
    changes(STREAM, "y", known_to=1)
    changes(STREAM, "y")
    sequence()

    assert forget_old_changes() == 1
    assert left() == [("x", 1, ""), ("x", 2, ""), ("y", 4, "")]
