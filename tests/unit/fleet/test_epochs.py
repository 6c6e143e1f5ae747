"""The lives of a disk: restored, copied and forgotten ones are noticed, and each becomes a new writer."""

import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import adopt_epoch, issue_epoch, notice_restore, recognise_past
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.services import append, head_file, own_chain, unsent_batch
from edgeshop.kernel.facts import GENESIS

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def write(count: int) -> None:
    for n in range(count):
        append("test.happened.v1", {"n": n})


def flush_head() -> None:
    """What the end of a transaction does; tests never come to theirs."""
    chain = own_chain()
    head_file.write(head_file.Head(chain.device_id, chain.epoch, chain.seq, bytes(chain.head)))


def lose_after(seq: int) -> None:
    """The database as an older copy of it was."""
    Record.objects.filter(seq__gt=seq).delete()
    kept = Record.objects.filter(seq=seq).first()
    Chain.objects.update(seq=seq, acked_seq=0, head=bytes(kept.chain) if kept else GENESIS)


def test_an_epoch_is_never_given_twice(kiosk):
    assert [issue_epoch(kiosk.pk), issue_epoch(kiosk.pk)] == [1, 2]


def test_an_epoch_lies_above_what_the_kiosk_has_even_if_we_forgot_that_we_gave_it(kiosk):
    assert [issue_epoch(kiosk.pk, above=7), issue_epoch(kiosk.pk, above=3)] == [8, 9]


def test_a_disk_that_is_as_it_was_is_left_alone(house):
    write(3)
    flush_head()

    assert (notice_restore(), this_kiosk().is_epoch_stale) == (False, False)


def test_a_restored_database_is_noticed_and_stays_so_until_a_new_epoch(house):
    write(3)
    flush_head()
    lose_after(1)

    assert notice_restore()
    write(5)  # it may go on writing, past its old end even
    flush_head()

    assert (notice_restore(), this_kiosk().is_epoch_stale) == (True, True)
    adopt_epoch(2)
    flush_head()
    assert (notice_restore(), this_kiosk().is_epoch_stale, this_kiosk().epoch) == (False, False, 2)


def test_what_waits_is_told_again_under_the_new_epoch_in_order(house):
    write(3)

    adopt_epoch(2)

    chain, records = unsent_batch(10)
    assert (chain.epoch, [bytes(r.body) for r in records]) == (
        2, [b'{"kind":"test.happened.v1","n":%d}' % n for n in range(3)],
    )  # fmt: skip


@pytest.mark.parametrize("late", [0, 1])
def test_an_epoch_that_comes_late_or_twice_changes_nothing(house, late):
    write(1)

    adopt_epoch(late)

    assert (this_kiosk().epoch, own_chain().epoch, own_chain().seq) == (1, 1, 1)


@pytest.mark.parametrize("late", [4, 5])
def test_a_stale_kiosk_takes_only_a_newer_epoch(house, late):
    adopt_epoch(5)
    Kiosk.objects.update(is_epoch_stale=True)

    adopt_epoch(late)

    assert (this_kiosk().epoch, this_kiosk().is_epoch_stale) == (5, True)


def test_a_past_that_this_disk_wrote_is_recognised(house):
    write(2)
    chain = own_chain()

    recognise_past(epoch=1, seq=2, head=bytes(chain.head))

    assert not this_kiosk().is_epoch_stale


@pytest.mark.parametrize(("seq", "head"), [(3, bytes(32)), (2, bytes(32))])
def test_a_past_that_this_disk_never_wrote_makes_it_stale(house, seq, head):
    write(2)

    recognise_past(epoch=1, seq=seq, head=head)

    assert this_kiosk().is_epoch_stale


def test_a_past_of_an_epoch_that_is_over_says_nothing(house):
    write(1)
    adopt_epoch(2)

    recognise_past(epoch=1, seq=99, head=bytes(32))

    assert not this_kiosk().is_epoch_stale


def test_a_box_that_is_no_kiosk_has_nothing_to_notice(db):
    assert notice_restore() is False


def test_a_web_server_looks_back_when_it_starts(house, client, caplog):
    write(2)
    flush_head()
    lose_after(1)

    client.get("/admin/login/")

    assert this_kiosk().is_epoch_stale
    assert "cleared tenders only" in caplog.text
