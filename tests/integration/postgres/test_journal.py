"""The journal on PostgreSQL, where transactions really run side by side."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection, transaction

from edgeshop.journal import registry
from edgeshop.journal.models import Chain, Change, Record, Stream
from edgeshop.journal.services import changes, receive, sequence
from edgeshop.kernel.facts import GENESIS, canonical, link

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Connected = Callable[[], AbstractContextManager[None]]
KIND = "test.told.v1"


@pytest.fixture
def postgres(on_postgresql: Connected) -> Connected:
    """Empty tables of the journal."""
    with on_postgresql():
        for model in (Change, Stream, Record, Chain):
            model.objects.all().delete()
    return on_postgresql


def side_by_side(connected: Connected, *works: Callable[[], object]) -> list[object]:
    """Run each work in a thread with a connection of its own, all started together; what each answered."""
    start, answers = threading.Barrier(len(works)), dict[int, object]()

    def run(place: int, work: Callable[[], object]) -> None:
        with connected():
            start.wait()
            answers[place] = work()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(works))]


def test_two_sequencers_number_every_change_once(postgres):
    with postgres():
        for n in range(300):
            changes("s" if n % 3 else "t", f"k{n}")

    numbered = side_by_side(postgres, *[sequence] * 4)

    with postgres():
        assert sum(numbered) == 300
        seqs = {
            name: list(Change.objects.filter(stream=name).order_by("seq").values_list("seq", flat=True))
            for name in "st"
        }
        assert seqs == {"s": list(range(1, 201)), "t": list(range(1, 101))}
        assert Stream.objects.get(name="s").seq == 200


def test_a_change_that_commits_late_gets_a_later_number_and_is_never_passed_over(postgres):
    marked, numbered = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            changes("s", "slow")
            marked.set()
            assert numbered.wait(20)

    def quick() -> None:
        assert marked.wait(20)
        changes("s", "quick")
        sequence()
        numbered.set()

    side_by_side(postgres, slow, quick)

    with postgres():
        sequence()
        assert list(Change.objects.order_by("seq").values_list("key", "seq")) == [("quick", 1), ("slow", 2)]


def test_one_batch_that_comes_twice_at_the_same_time_is_applied_once(postgres, monkeypatch):
    applied: list[int] = []
    monkeypatch.setitem(
        registry._handlers, KIND, lambda _fact, body: (applied.append(body["i"]), registry.Outcome())[1]
    )
    bodies = [canonical({"i": i, "kind": KIND}) for i in range(40)]
    head = GENESIS
    for body in bodies:
        head = link(head, body)
    with postgres():
        Chain.objects.create(device_id=7, epoch=1, head=GENESIS)

    def send() -> int:
        batch = {"first_seq": 1, "kinds": [KIND] * 40, "bodies": bodies, "head": head}
        return receive(device_id=7, epoch=1, **batch).acked_seq

    acked = side_by_side(postgres, send, send, send)

    with postgres():
        assert connection.vendor == "postgresql"
        assert acked == [40, 40, 40]
        assert applied == list(range(40))
        assert Record.objects.count() == 40
