"""The cloud's side: overlap is legal, gaps and forks are not, a bad fact stands alone."""

import pytest
from django.db import OperationalError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from edgeshop.journal import registry
from edgeshop.journal.errors import ChainFork, ChainGap
from edgeshop.journal.models import Chain, Quarantine, Record
from edgeshop.journal.services import heard_since, receive
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.facts import GENESIS, canonical, link

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
KIND = "test.told.v1"


@pytest.fixture
def told(monkeypatch):
    seen = []

    def handle(fact, body):
        if body["i"] < 0:
            raise InvalidInput("A negative one.", i=body["i"])
        if body["i"] == 666:
            raise ZeroDivisionError
        seen.append(body["i"])
        return registry.Outcome()

    monkeypatch.setitem(registry._handlers, KIND, handle)
    return seen


def bodies(*values: int) -> list[bytes]:
    return [canonical({"i": i, "kind": KIND}) for i in values]


def head_of(*values: int) -> bytes:
    value = GENESIS
    for body in bodies(*values):
        value = link(value, body)
    return value


def send(story: list[int], first: int, last: int, **changed):
    batch = {"first_seq": first, "bodies": bodies(*story[first - 1 : last]), "head": head_of(*story[:last])} | changed
    return receive(device_id=7, epoch=1, kinds=[KIND] * len(batch["bodies"]), **batch)


def test_facts_are_kept_and_applied_once_whatever_the_batches(told):
    story = [10, 11, 12, 13]

    acked = [send(story, *span).acked_seq for span in ((1, 2), (1, 3), (2, 3), (3, 4))]

    assert (acked, told) == ([2, 3, 3, 4], story)
    assert bytes(Chain.objects.get().head) == head_of(*story)


def test_a_writer_s_life_had_begun_when_its_first_fact_came(told):
    assert heard_since(device_id=7, epoch=1) is None

    send([10, 11], 1, 2)

    assert heard_since(device_id=7, epoch=1) == Record.objects.get(seq=1).at
    assert heard_since(device_id=7, epoch=2) is None


def test_a_gap_is_refused_with_the_place_to_go_on(told):
    send([10, 11, 12], 1, 1)

    with pytest.raises(ChainGap) as refused:
        send([10, 11, 12], 3, 3)

    assert refused.value.fields["acked_seq"] == 1
    assert told == [10]


@pytest.mark.parametrize(("first", "last"), [(1, 2), (2, 3), (3, 3)])
def test_another_story_is_refused_and_nothing_of_it_is_kept(told, first, last):
    send([10, 11], 1, 2)

    with pytest.raises(ChainFork):
        send([10, 99, 12], first, last)

    assert (Record.objects.count(), told) == (2, [10, 11])


def test_a_head_that_does_not_follow_is_a_fork(told):
    with pytest.raises(ChainFork):
        send([10], 1, 1, head=bytes(32))

    assert told == []


def test_a_bad_fact_is_quarantined_alone_and_acknowledged(told):
    done = send([10, -1, 12, 666, 14], 1, 5)

    assert (done.acked_seq, told) == (5, [10, 12, 14])
    assert [(s, o.status) for s, o in done.outcomes if o.status != "settled"] == [
        (2, "quarantined"),
        (4, "quarantined"),
    ]
    assert list(Quarantine.objects.order_by("pk").values_list("code", flat=True)) == [
        "kernel.invalid_input",
        "journal.apply_failed",
    ]


def test_facts_of_an_unknown_kind_are_kept_to_the_byte(told):
    body = canonical({"kind": "future.thing.v9", "x": [1, {"y": None}]})

    done = receive(
        device_id=7, epoch=1, first_seq=1, kinds=["future.thing.v9"], bodies=[body], head=link(GENESIS, body)
    )

    assert [(s, o.status) for s, o in done.outcomes] == [(1, "kept")]
    assert bytes(Record.objects.get().body) == body


@pytest.mark.parametrize(
    "odd",
    [{"bodies": [], "kinds": []}, {"kinds": [KIND, KIND]}, {"first_seq": 0}, {"epoch": 0}],
)
def test_a_batch_that_makes_no_sense_is_refused_whole(told, odd):
    batch = {"device_id": 7, "epoch": 1, "first_seq": 1, "kinds": [KIND], "bodies": bodies(10), "head": head_of(10)}

    with pytest.raises(InvalidInput):
        receive(**batch | odd)

    assert (Chain.objects.count(), Record.objects.count(), told) == (0, 0, [])


def test_a_database_in_trouble_says_nothing_about_a_fact(told, monkeypatch):
    def in_trouble(_fact, _body):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setitem(registry._handlers, KIND, in_trouble)
        with pytest.raises(OperationalError):
            send([10], 1, 1)
    assert (Record.objects.count(), Quarantine.objects.count()) == (0, 0)

    assert send([10], 1, 1).acked_seq == 1
    assert told == [10]


def test_facts_of_somebody_distrusted_are_kept_and_acknowledged_but_not_applied(told):
    done = send([10, 11], 1, 2, distrust=InvalidInput("Gone bad."))

    assert done.acked_seq == 2
    assert [(o.status, o.reasons) for _, o in done.outcomes] == [("quarantined", ["kernel.invalid_input"])] * 2
    assert (Quarantine.objects.count(), told) == (2, [])


class AnyBatching(TestCase):
    """However a story is cut, doubled, repeated and interrupted, the cloud ends with the same one."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(1, 12), st.integers(1, 6), st.one_of(st.none(), st.integers(0, 5))), max_size=20)
    )
    def test_any_batches_in_any_order_with_any_crash_give_the_same_journal(self, cuts):
        story = list(range(100, 112))
        applied, crash_in = [], [None]

        def handle(_fact, body):
            if crash_in[0] == 0:
                raise OperationalError("the plug was pulled")
            crash_in[0] = None if crash_in[0] is None else crash_in[0] - 1
            applied.append(body["i"])
            return registry.Outcome()

        registry._handlers[KIND] = handle
        try:
            for first, size, crash in [*cuts, (1, 12, None)]:
                crash_in[0] = crash
                try:
                    send(story, first, min(12, first + size - 1))
                except (ChainGap, OperationalError):
                    continue
            send(story, 1, 12)
        finally:
            del registry._handlers[KIND]

        assert applied == story
        assert bytes(Chain.objects.get().head) == head_of(*story)
        assert Quarantine.objects.count() == 0


def test_what_became_of_a_batch_is_said_again_when_its_answer_was_lost(told):
    """The sender may come again with fewer facts; it hears of all that it is told to have handed over."""
    story = [10, -1, 12, -2]
    first = send(story, 1, 4)

    again = send(story, 1, 2)

    assert first.unsettled == again.unsettled == [(2, "quarantined"), (4, "quarantined")]
    assert (again.acked_seq, again.outcomes) == (4, [])
