"""Whatever happens to changes, pages, answers and rows, both sides end equal, and only bad rows travel to that end."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import msgpack
import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from edgeshop.journal import registry
from edgeshop.journal.models import Change, Repair, Stream
from edgeshop.journal.services import (
    apply_page,
    changes,
    cursors,
    page,
    restart_streams,
    row_digests,
    sequence,
    verify_streams,
)
from edgeshop.sync.services.feed import pack_page, unpack_page
from edgeshop.sync.services.repair import answer_repair, ask_repair, is_under_way, take_repair
from edgeshop.sync.services.wire import Message, pack_answer, pack_message
from edgeshop.sync.services.words import difference, to_words
from tests.factories.fleet import KIOSK, SHOP, make_kiosk, make_shop, on_node

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
STREAM = "test"
KEYS = st.sampled_from([f"k{n}" for n in range(12)])
VALUES = st.integers(0, 3)


class TwoSides:
    """A cloud and a kiosk, each with rows and a database of its own; and how many rows a repair has sent."""

    def __init__(self, cloud_database: Any) -> None:
        self.cloud_database = cloud_database
        self.above: dict[str, int] = {}
        self.below: dict[str, int] = {}
        self.mended = 0
        self.questions: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []

    def cloud(self):
        return on_node(self.cloud_database, is_ledger=True)

    def found(self) -> None:
        make_kiosk(make_shop(), is_self=True)
        with self.cloud():
            make_kiosk(make_shop())

    def source(self) -> registry.Source:
        return registry.Source(self.collect, self.apply, keys=lambda _stream: list(self.rows()))

    def rows(self) -> dict[str, int]:
        return self.above if django_settings.EDGESHOP.is_ledger else self.below

    def collect(self, _stream, keys):
        rows = self.rows()
        return [{"key": key, "unit": rows[key]} for key in keys if key in rows]

    def apply(self, _stream, rows, gone):
        self.below |= {row["key"]: row["unit"] for row in rows}
        for key in gone:
            self.below.pop(key, None)

    def put(self, key: str, value: int | None) -> None:
        with self.cloud():
            if value is None:
                self.above.pop(key, None)
            else:
                self.above[key] = value
            changes(STREAM, key)

    def contact(self, *, limit: int = 100, is_lost: bool = False) -> bool:
        """One contact; whether another one would bring more."""
        asked = ask_repair()
        epoch, seq = cursors().get(STREAM, (0, 0))
        with self.cloud():
            told = answer_repair(KIOSK, wired(asked))
            sequence()
            found = page(stream=STREAM, epoch=epoch, seq=seq, limit=limit, audience=SHOP)
        if is_lost:
            return True
        if told:
            self.questions.append(asked or {})
            self.answers.append(told)
            self.count(told)
            take_repair(wired(told))
        if found is not None:
            apply_page(self.carried(unpack_page(wired(pack_page(found)), kiosk_id=KIOSK)))
        return bool(told or found) and (is_under_way() or bool(found and found.more))

    def carried(self, found):
        return found

    def count(self, told) -> None:
        for said in told.values():
            if len(said) == 3:
                sent = unpack_page(said[2], kiosk_id=KIOSK).rows
                assert all(self.below.get(row["key"]) != row["unit"] for row in sent), "a row that was good travelled"
                self.mended += len(sent)

    def settle(self) -> None:
        """Contacts until both have nothing left to say, a look at all rows, and again."""
        for _ in range(2):
            for _ in range(60):
                if not self.contact():
                    break
            verify_streams()
        assert not self.contact() or not Repair.objects.exists()


class Deaf(TwoSides):
    """A kiosk to which nobody tells digests, and which does not look at its rows."""

    def carried(self, found):
        return replace(found, digest=None)

    def settle(self) -> None:
        while self.contact():
            pass


def wired(said: Any) -> Any:
    return msgpack.unpackb(msgpack.packb(said), strict_map_key=False)


class Anything(RuleBasedStateMachine):
    """Changes, pages cut anywhere, lost answers, rows edited behind the services' back, a cloud put back to a copy."""

    cloud_database: Any = None
    kind = TwoSides

    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.sides = self.kind(self.cloud_database)
        self.stack.enter_context(rolled_back())
        with self.sides.cloud():
            self.above = rolled_back()
            self.above.__enter__()
        registry._sources[STREAM] = self.sides.source()
        self.sides.found()
        self.sides.put("k0", 1)  # a stream that has never carried anything is known to nobody
        self.sides.contact()
        self.copy = None

    @rule(key=KEYS, value=st.none() | VALUES)
    def change(self, key, value):
        self.sides.put(key, value)

    @rule(limit=st.integers(1, 4), is_lost=st.booleans())
    def contact(self, limit, is_lost):
        self.sides.contact(limit=limit, is_lost=is_lost)

    @rule(key=KEYS, value=st.none() | VALUES)
    def damage(self, key, value):
        if value is None:
            self.sides.below.pop(key, None)
        else:
            self.sides.below[key] = value

    @rule()
    def verify(self):
        verify_streams()

    @rule()
    def back_up(self):
        with self.sides.cloud():
            sequence()
            ends = list(Stream.objects.filter(name=STREAM).values("epoch", "seq"))
            self.copy = dict(self.sides.above), ends, list(Change.objects.values_list("pk", flat=True))

    @precondition(lambda self: self.copy)
    @rule()
    def restore(self):
        rows, ends, kept = self.copy
        self.sides.above.clear()
        self.sides.above.update(rows)
        with self.sides.cloud():
            Change.objects.exclude(pk__in=kept).delete()
            Stream.objects.filter(name=STREAM).update(**ends[0])
            restart_streams()

    def teardown(self):
        if not hasattr(self, "sides"):
            return
        try:
            self.sides.settle()
            assert self.sides.below == self.sides.above
        finally:
            with self.sides.cloud():
                self.above.__exit__(None, None, None)
            self.stack.close()
            del registry._sources[STREAM]


def rolled_back():
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.callback(transaction.set_rollback, True)
    return stack


@pytest.fixture
def on_a_kiosk(db, second_database, settings, tmp_path):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)
    return second_database


def run(kind, database, examples: int) -> None:
    machine = type("Machine", (Anything,), {"cloud_database": database, "kind": kind})
    lenient = settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making a failure smaller takes minutes
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=lenient)


def test_any_mix_of_changes_losses_and_damage_ends_equal_with_only_bad_rows_sent(on_a_kiosk):
    run(TwoSides, on_a_kiosk, examples=40)


def test_control_a_kiosk_without_digests_does_not_always_end_equal(on_a_kiosk):
    with pytest.raises(AssertionError):
        run(Deaf, on_a_kiosk, examples=40)


@pytest.fixture
def sides(on_a_kiosk, monkeypatch):
    sides = TwoSides(on_a_kiosk)
    monkeypatch.setitem(registry._sources, STREAM, sides.source())
    with sides.cloud():
        held = rolled_back()
        held.__enter__()
    sides.found()
    yield sides
    with sides.cloud():
        held.__exit__(None, None, None)


def fill(sides: TwoSides, count: int) -> None:
    with sides.cloud():
        sides.above |= {f"p{n}": 100 + n * 7 % 900 for n in range(count)}
        changes(STREAM, *sides.above)
    assert not sides.contact(limit=count)
    assert sides.below == sides.above


def bytes_of(sides: TwoSides) -> int:
    """The bodies of all questions and answers, as contacts write them."""
    known: dict[str, bytes] = to_words({"cursors": {STREAM: [1, 10_000]}})
    total = 0
    for question, answer in zip(sides.questions, sides.answers, strict=True):
        words = to_words({"cursors": {STREAM: [1, 10_000]}, "repair": question})
        total += len(pack_message(Message("B", bytes(8), difference(known, words))))
        total += len(pack_answer({"repair": answer}))
        known = words
    return total


def test_one_diverged_row_of_ten_thousand_is_found_and_mended_for_800_bytes(sides):
    fill(sides, 10_000)
    sides.below["p4711"] = 1
    assert verify_streams() == {STREAM: 1}

    while sides.contact():
        pass

    assert sides.below == sides.above
    assert (len(sides.questions), sides.mended) == (2, 1)
    assert bytes_of(sides) <= 800
    assert not Repair.objects.exists()


@pytest.mark.parametrize(("bad", "size"), [(20, 2_500), (200, 9_000)])
def test_many_diverged_rows_are_mended_in_bounded_questions(sides, bad, size):
    fill(sides, 2_000)
    for n in range(bad):
        sides.below[f"p{n * 9}"] = 1
    verify_streams()

    while sides.contact():
        pass

    assert sides.below == sides.above
    assert sides.mended == bad
    assert bytes_of(sides) <= size


def test_a_kiosk_that_lost_everything_fetches_it_in_answers_that_have_an_end(sides, settings):
    knobs = settings.EDGESHOP
    settings.EDGESHOP = replace(knobs, sync=replace(knobs.sync, page_rows_max=100))
    fill(sides, 900)
    sides.below.clear()
    verify_streams()

    rounds = 0
    while sides.contact():
        rounds += 1

    assert sides.below == sides.above
    assert row_digests(STREAM).keys() == sides.above.keys()
    assert sides.mended == 900
    assert rounds < 20
