"""Appending facts, the chain over them, and what the outbox is."""

import pytest
from django.db import transaction

from edgeshop.journal import registry
from edgeshop.journal.errors import NoChain
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.services import (
    Mark,
    acknowledge,
    append,
    facts,
    go_back,
    head_file,
    open_chain,
    past_marks,
    rebase_unsent,
    unsent,
    unsent_batch,
)
from edgeshop.kernel.facts import GENESIS, link

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_head():
    head_file.path().unlink(missing_ok=True)
    yield
    head_file.path().unlink(missing_ok=True)


def _append(n: int, start: int = 0) -> list:
    facts = []
    for i in range(start, start + n):
        with transaction.atomic():
            facts.append(append("test.happened.v1", {"i": i}))
    return facts


def test_append_links_each_fact_to_the_one_before():
    open_chain(device_id=7, epoch=1)

    first, second = _append(2)

    assert (first.seq, second.seq) == (1, 2)
    assert first.chain == link(GENESIS, first.body)
    assert second.chain == link(first.chain, second.body)
    assert first.body == b'{"i":0,"kind":"test.happened.v1"}'


def test_append_refuses_to_stand_outside_a_transaction():
    open_chain(device_id=7, epoch=1)

    with pytest.raises(transaction.TransactionManagementError):
        append("test.happened.v1", {})
    assert Record.objects.count() == 0


def test_append_before_enrolment_says_what_to_do():
    with transaction.atomic(), pytest.raises(NoChain, match=r"manage\.py enrol"):
        append("test.happened.v1", {})


def test_a_fact_falls_with_its_transaction():
    open_chain(device_id=7, epoch=1)

    @transaction.atomic
    def sale_that_fails() -> None:
        append("test.happened.v1", {})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        sale_that_fails()

    assert (Record.objects.count(), Chain.objects.get().seq, head_file.read().seq) == (0, 0, 0)


def test_unsent_is_everything_not_acknowledged_over_all_epochs():
    open_chain(device_id=7, epoch=1)
    _append(3)
    open_chain(device_id=7, epoch=2)
    _append(2, 3)

    acknowledge(device_id=7, epoch=1, seq=2)

    assert unsent().count == 3
    chain, records = unsent_batch(10)
    assert (chain.epoch, [r.seq for r in records]) == (1, [3])


def test_the_acknowledged_mark_only_moves_forward_and_never_past_the_end():
    open_chain(device_id=7, epoch=1)
    _append(3)

    moved = [acknowledge(device_id=7, epoch=1, seq=seq) for seq in (2, 1, 99)]

    assert moved == [2, 0, 1]
    assert Chain.objects.get().acked_seq == 3


def test_rebase_tells_unsent_facts_again_under_the_new_epoch():
    open_chain(device_id=7, epoch=1)
    facts = _append(3)
    acknowledge(device_id=7, epoch=1, seq=1)

    open_chain(device_id=7, epoch=2)

    assert rebase_unsent() == 2
    chain, records = unsent_batch(10)
    assert (chain.epoch, [bytes(r.body) for r in records]) == (2, [facts[1].body, facts[2].body])
    assert unsent().count == 2


def test_a_database_older_than_the_head_file_is_noticed():
    open_chain(device_id=7, epoch=1)
    _append(3)
    assert not head_file.is_stale()

    Record.objects.filter(seq=3).delete()
    Chain.objects.update(seq=2)

    assert head_file.is_stale()


def test_a_head_file_that_lags_behind_is_a_crash_and_not_a_restore():
    open_chain(device_id=7, epoch=1)
    first, _ = _append(2)
    head_file.path().unlink()
    head_file.write(head_file.Head(7, 1, 1, first.chain))

    assert not head_file.is_stale()


def test_a_missing_head_file_beside_written_facts_is_noticed():
    open_chain(device_id=7, epoch=1)
    _append(1)

    head_file.path().unlink()

    assert head_file.is_stale()


def test_a_head_file_of_another_device_is_noticed_until_this_one_has_written():
    head_file.write(head_file.Head(8, 5, 90, GENESIS))
    Chain.objects.create(device_id=7, epoch=1, head=GENESIS, is_own=True)
    assert head_file.is_stale()

    open_chain(device_id=7, epoch=1)

    assert not head_file.is_stale()


def test_a_torn_head_file_counts_as_missing():
    open_chain(device_id=7, epoch=1)
    _append(1)

    head_file.path().write_text('{"device_id": 7, "epo')

    assert (head_file.read(), head_file.is_stale()) == (None, True)


def test_older_news_never_replaces_newer_in_the_head_file():
    newer, older = head_file.Head(7, 2, 1, GENESIS), head_file.Head(7, 1, 99, GENESIS)

    head_file.write(newer)
    head_file.write(older)

    assert head_file.read() == newer


def test_going_back_sends_again_what_a_restored_cloud_has_forgotten():
    open_chain(device_id=7, epoch=1)
    _append(4)
    acknowledge(device_id=7, epoch=1, seq=4)

    assert go_back(device_id=7, lacks=Mark(1, 2))
    assert not go_back(device_id=7, lacks=Mark(1, 2))

    assert [r.seq for r in unsent_batch(10)[1]] == [3, 4]


def test_going_back_begins_anew_where_the_cloud_names_a_fact_that_we_never_wrote():
    open_chain(device_id=7, epoch=1)
    written = _append(3)
    acknowledge(device_id=7, epoch=1, seq=3)

    assert go_back(device_id=7, lacks=Mark(1, 2, written[1].chain[:8]))
    assert Chain.objects.get().acked_seq == 2
    assert go_back(device_id=7, lacks=Mark(1, 2, bytes(8)))
    assert Chain.objects.get().acked_seq == 0


def test_what_was_moved_to_a_later_epoch_is_sent_and_acknowledged_there_only():
    open_chain(device_id=7, epoch=1)
    _append(3)
    acknowledge(device_id=7, epoch=1, seq=2)
    open_chain(device_id=7, epoch=2)
    rebase_unsent()
    assert past_marks(device_id=7, before=2)[0].seq == 2

    go_back(device_id=7, lacks=Mark(1, 1))

    chain, records = unsent_batch(10)
    assert (chain.epoch, [r.seq for r in records], unsent().count) == (1, [2], 2)
    acknowledge(device_id=7, epoch=1, seq=3)
    assert Chain.objects.get(epoch=1).acked_seq == 2


def test_a_batch_ends_with_the_fact_that_makes_it_large(monkeypatch):
    monkeypatch.setattr(facts, "_BATCH_BYTES_MAX", 60)
    open_chain(device_id=7, epoch=1)
    _append(5)

    _, batch = unsent_batch(10)

    assert [r.seq for r in batch] == [1, 2]


@pytest.mark.parametrize("epochs", [1, 3])
def test_unsent_costs_two_queries_and_one_per_epoch(epochs, django_assert_num_queries):
    for epoch in range(1, epochs + 1):
        open_chain(device_id=7, epoch=epoch)
        _append(2)

    with django_assert_num_queries(2 + epochs):
        assert unsent().count == 2 * epochs


def test_apps_are_told_what_the_cloud_has_settled_and_of_nothing_else(monkeypatch):
    told: list[int] = []
    monkeypatch.setitem(registry._settled, "test.happened.v1", lambda bodies: told.extend(body["i"] for body in bodies))
    open_chain(device_id=7, epoch=1)
    _append(4)

    acknowledge(device_id=7, epoch=1, seq=3, unsettled=[2])
    acknowledge(device_id=7, epoch=1, seq=3)

    assert told == [0, 2]


def test_an_acknowledgement_stands_or_falls_with_what_its_apps_make_of_it(monkeypatch):
    monkeypatch.setitem(registry._settled, "test.happened.v1", lambda _bodies: 1 / 0)
    open_chain(device_id=7, epoch=1)
    _append(1)

    with pytest.raises(ZeroDivisionError):
        acknowledge(device_id=7, epoch=1, seq=1)

    assert unsent().count == 1
