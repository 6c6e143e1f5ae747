"""Digests: order-free, kept up to date row by row, and never quicker than the rows they are taken from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeshop.journal import registry
from edgeshop.journal.models import Repair, RowDigest, Stream
from edgeshop.journal.services import (
    Page,
    apply_page,
    changes,
    diverged,
    due_repairs,
    end_try,
    numbering,
    page,
    row_digests,
    sequence,
    sum_up,
    verify_streams,
)
from edgeshop.journal.services.digests import digest_of, row_digest

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
STREAM = "test"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


class Goods:
    """A source whose rows are a dictionary; `own` of them are for shop 3, the others for everybody."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.own: set[str] = set()
        self.collected = 0

    def collect(self, _stream, keys):
        self.collected += len(keys)
        found = [key for key in keys if key in self.rows]
        return [{"key": key, "value": self.rows[key], "shop": 3 if key in self.own else 0} for key in found]

    def apply(self, _stream, rows, gone):
        """What is gone is kept, marked with a minus: old orders still name it."""
        self.rows |= {row["key"]: row["value"] for row in rows}
        self.rows |= {key: -1 for key in gone if key in self.rows}

    def source(self):
        return registry.Source(
            self.collect, self.apply, keys=lambda _stream: list(self.rows), audience=lambda row: row["shop"]
        )

    def put(self, **values: int) -> None:
        self.rows |= values
        changes(STREAM, *values)
        sequence()


@pytest.fixture
def goods(monkeypatch):
    goods = Goods()
    monkeypatch.setitem(registry._sources, STREAM, goods.source())
    return goods


def digest(audience: int | None = None) -> bytes:
    return digest_of(Stream.objects.get(name=STREAM), audience)


def read(**more: int) -> Page | None:
    return page(stream=STREAM, epoch=1, seq=0, limit=100, **more)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), st.randoms())
def test_a_row_has_one_digest_in_whatever_order_a_database_keeps_its_names(row, random):
    names = list(row)
    random.shuffle(names)

    assert row_digest({name: row[name] for name in names}) == row_digest(row)


@given(VALUES, VALUES)
def test_rows_that_differ_have_other_digests(one, other):
    import json

    if json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True):
        assert row_digest({"key": "a", "value": one}) != row_digest({"key": "a", "value": other})


def test_what_is_kept_up_to_date_is_what_would_be_taken_anew(goods):
    goods.put(a=1, b=2)
    digest()
    goods.put(a=3, c=4)
    del goods.rows["b"]
    changes(STREAM, "b")
    sequence()
    kept = digest()

    assert sum_up(STREAM) == 0
    assert digest() == kept


def test_only_what_changed_is_looked_at_again(goods):
    goods.put(**{f"k{n}": n for n in range(50)})
    digest()
    goods.collected = 0

    goods.put(k7=0)

    assert goods.collected == 1


def test_the_last_page_of_a_stream_says_what_the_whole_is_like(goods):
    goods.put(a=1, b=2)

    assert page(stream=STREAM, epoch=1, seq=0, limit=1).digest is None
    assert read().digest == digest() != bytes(8)


def test_a_reader_is_told_the_digest_of_what_it_is_given_and_what_is_for_others_is_gone(goods):
    goods.own = {"a"}
    goods.put(a=1, b=2)

    here, elsewhere = read(audience=3), read(audience=4)

    assert ([row["key"] for row in here.rows], here.gone) == (["a", "b"], [])
    assert ([row["key"] for row in elsewhere.rows], elsewhere.gone) == (["b"], ["a"])
    assert (here.digest, elsewhere.digest) == (digest(3), digest(4))
    assert digest(3) == digest() != digest(4)


def test_trouble_with_a_digest_holds_up_no_change(goods, monkeypatch):
    goods.put(a=1)
    digest()
    with monkeypatch.context() as patched:
        patched.setattr(numbering, "note_rows", lambda *_args: 1 / 0)
        goods.put(a=2, b=3)

    assert {row["key"]: row["value"] for row in read().rows} == {"a": 2, "b": 3}
    assert set(row_digests(STREAM)) == {"a", "b"}


# On a kiosk


def told(goods: Goods) -> Page:
    """The page by which a kiosk has come to what the goods are now."""
    goods.put(**goods.rows)
    return read()


def test_what_is_kept_though_it_is_gone_does_not_count_until_somebody_touches_it(goods):
    goods.rows = {"a": 1, "b": 2}
    page_before = told(goods)
    Stream.objects.all().delete()
    apply_page(page_before)
    assert not Repair.objects.exists()
    both = digest()

    apply_page(Page(STREAM, 1, 9, [], ["b"], False))

    assert goods.rows == {"a": 1, "b": -1}
    assert RowDigest.objects.get(key="b").is_gone
    assert digest() != both
    assert verify_streams() == {STREAM: 0}
    goods.rows["b"] = 2
    assert verify_streams() == {STREAM: 1}
    assert digest() == both


def test_a_row_that_was_edited_behind_the_services_back_is_seen_within_a_day(goods, held_clock):
    goods.rows = {"a": 1, "b": 2}
    apply_page(told(goods))
    assert verify_streams(only_due=True) == {STREAM: 0}
    goods.rows["a"] = 7

    assert verify_streams(only_due=True) == {}
    assert not Repair.objects.exists()
    held_clock.move(days=1)
    assert verify_streams(only_due=True) == {STREAM: 1}
    assert [repair.stream for repair in due_repairs(2)] == [STREAM]


def test_a_stream_without_digests_is_never_suspected(monkeypatch):
    monkeypatch.setitem(registry._sources, "orders", registry.Source(lambda *_: [], lambda *_: None))
    apply_page(Page("orders/12", 1, 4, [], [], False))

    assert verify_streams() == {}
    assert not Repair.objects.exists()


def test_all_is_well_is_one_query(goods, django_assert_num_queries):
    goods.rows = {"a": 1}
    apply_page(told(goods))

    with django_assert_num_queries(1):
        assert due_repairs(2) == []


def test_after_three_tries_it_rests_for_a_day_and_is_named(goods, held_clock):
    goods.rows = {"a": 1}
    apply_page(told(goods))
    goods.rows["a"] = 2
    verify_streams()

    assert [end_try(STREAM) for _ in range(3)] == [False] * 3
    assert (due_repairs(2), diverged()) == ([], [STREAM])
    held_clock.move(days=1, seconds=1)
    [again] = due_repairs(2)
    assert (again.tries, diverged()) == (0, [])
