"""A table travels whole or not at all, and decides the same for one node as for many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.sync.errors import TableMalformed
from edgeshop.sync.grades import Grade
from edgeshop.sync.schedule.decide import backlog_now, decide
from edgeshop.sync.schedule.table import NEVER, Table

pytestmark = pytest.mark.unit
STREAMS = ("prices", "model")


def _table(must: list[int], can: list[int], skip: list[int] | None = None, again: list[int] | None = None) -> Table:
    bounds = {"must": must, "can": can, "skip": skip or [NEVER] * 2, "again": again or [NEVER] * 2}
    arrays = {name: np.tile(np.array(values, np.uint8), (96, 1)) for name, values in bounds.items()}
    grades = np.array([Grade.D, Grade.C], np.uint8)
    return Table(STREAMS, 100.0, rates=np.tile([2.0, 0.25], (24, 1)), worst_grades=grades, **arrays)


@st.composite
def _tables(draw: st.DrawFn) -> Table:
    seed = draw(st.integers(0, 2**32 - 1))
    chance = np.random.default_rng(seed)
    arrays = {name: chance.integers(1, 256, (96, 2)).astype(np.uint8) for name in ("must", "can", "skip", "again")}
    rates = chance.integers(0, 64, (24, 2)) / 8
    return Table(STREAMS, 1.5, rates=rates, worst_grades=np.array([3, 2], np.uint8), **arrays)


@settings(deadline=None)
@given(_tables())
def test_a_table_comes_back_as_it_went(table: Table):
    back = Table.from_bytes(table.to_bytes())

    assert (back.streams, back.mu) == (table.streams, table.mu)
    for name in ("must", "can", "skip", "again", "rates", "worst_grades"):
        assert (getattr(back, name) == getattr(table, name)).all()


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_anything_else_is_refused(data: bytes, cut: int):
    whole = _table([3, 4], [1, 1]).to_bytes()

    for bad in (data, whole[: min(cut, len(whole) - 1)], whole + data + b"x"):
        with pytest.raises(TableMalformed):
            Table.from_bytes(bad)


@settings(deadline=None)
@given(_tables(), st.integers(0, 95), st.data())
def test_one_node_decides_as_it_does_among_many(table: Table, slot: int, data: st.DataObject):
    nodes = data.draw(st.integers(1, 5))
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    known, elapsed = chance.integers(0, 300, (nodes, 2)), chance.integers(0, 400, (nodes, 2))
    grade, bucket = chance.integers(0, 4, nodes), chance.random(nodes)

    many = decide(
        Table.side_by_side([table] * nodes),
        slot=slot, known=known, elapsed=elapsed, grade=grade, bucket=bucket, contact_price=0.5,
    )  # fmt: skip

    for i in range(nodes):
        one = decide(
            table,
            slot=slot,
            known=known[i],
            elapsed=elapsed[i],
            grade=Grade(grade[i]),
            bucket=bucket[i],
            contact_price=0.5,
        )
        assert bool(one.contact) == bool(many.contact[i])
        assert (one.asks(known[i]) == many.of(np.array([i])).asks(known[i : i + 1])[0]).all()


def test_streams_share_a_contact():
    table = _table(must=[4, 4], can=[1, 1])

    assert not decide(table, slot=0, known=[2, 1]).contact
    assert decide(table, slot=0, known=[2, 2]).contact
    assert decide(table, slot=0, known=[4, 0]).contact


def test_a_node_without_push_goes_by_what_it_expects():
    table = _table(must=[4, NEVER], can=[1, 1])

    assert backlog_now(table, slot=1, known=[1, 0], elapsed=3).tolist() == [7.0, 0.75]
    assert backlog_now(table, slot=1, known=[0, 0], elapsed=96 * 2).tolist() == [384.0, 48.0]
    assert not decide(table, slot=1, known=[0, 0], elapsed=1).contact
    assert decide(table, slot=1, known=[0, 0], elapsed=2).contact


def test_what_is_asked_for_goes_by_the_true_backlog_and_waits_where_a_full_copy_is_near():
    decision = decide(_table(must=[1, 1], can=[1, 1], skip=[NEVER, 2], again=[NEVER, 4]), slot=0, known=[9, 1])

    asked = [decision.asks(np.array([1, model])).tolist()[1] for model in range(6)]

    assert asked == [False, True, False, False, True, True]


@pytest.mark.parametrize(
    ("grade", "known", "contact", "asks"),
    [
        (Grade.A, [1, 0], True, [True, False]),
        (Grade.C, [1, 0], False, [False, False]),
        (Grade.C, [4, 9], True, [True, True]),
        (Grade.D, [4, 9], True, [True, False]),
        (Grade.D, [0, 9], False, [False, False]),
    ],
)
def test_the_grade_of_the_link_bounds_what_travels(grade: Grade, known: list[int], contact: bool, asks: list[bool]):
    decision = decide(_table(must=[4, 4], can=[2, 2]), slot=7, known=known, grade=grade)

    assert bool(decision.contact) is contact
    assert decision.asks(np.array(known)).tolist() == asks


def test_an_empty_bucket_makes_no_contact():
    table = _table(must=[1, 1], can=[1, 1])

    assert not decide(table, slot=0, known=[9, 9], bucket=0.009, contact_price=0.01).contact
    assert decide(table, slot=0, known=[9, 9], bucket=0.01, contact_price=0.01).contact
