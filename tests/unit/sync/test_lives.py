"""Restored disks and clouds, copies and epochs: what a kiosk and its cloud make of each other then."""

import pytest
import requests

from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services import notice_restore
from edgeshop.journal.models import Chain, Record
from edgeshop.journal.services import head_file, unsent
from edgeshop.kernel.facts import GENESIS
from edgeshop.sync.services import synchronise
from tests.factories.facts import sell
from tests.factories.fleet import KIOSK

# Real commits: the head file is written after each, and a kiosk without one takes itself for restored.
pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("news", [[], [5]])
def test_a_restored_cloud_is_told_again_what_it_has_forgotten(synced, ledger, news):
    sell(1, 2)
    synchronise(synced.client)
    sell(3, 4)
    synchronise(synced.client)
    with synced.cloud():
        second = Record.objects.get(seq=2)
        Record.objects.filter(seq__gt=2).delete()
        Chain.objects.update(seq=2, acked_seq=2, head=second.chain)
    ledger[:] = [1, 2]
    sell(*news)

    report = synchronise(synced.client)

    assert (report.failed, ledger, unsent().count, this_kiosk().epoch) == ({}, [1, 2, 3, 4, *news], 0, 1)


# Epochs


@pytest.mark.parametrize("is_noticed", [True, False])
def test_a_disk_that_tells_another_story_goes_on_as_a_new_writer_in_the_same_run(synced, ledger, is_noticed):
    sell(1, 2)
    synchronise(synced.client)
    Record.objects.filter(seq=2).delete()
    first = Record.objects.get(seq=1)
    Chain.objects.update(seq=1, acked_seq=1, head=first.chain)
    if not is_noticed:  # the last word was copied with the disk
        head_file.path().unlink()
        head_file.write(head_file.Head(KIOSK, 1, 1, bytes(first.chain)))
    assert notice_restore() is is_noticed
    sell(8, 9)

    report = synchronise(synced.client)

    assert (report.failed, ledger, unsent().count) == ({}, [1, 2, 8, 9], 0)
    assert (this_kiosk().epoch, this_kiosk().is_epoch_stale, synced.at_cloud().epoch) == (2, False, 2)


def test_a_whole_disk_restored_learns_from_the_cloud_that_it_is_behind(synced, ledger):
    sell(1, 2)
    synchronise(synced.client)
    Record.objects.all().delete()
    Chain.objects.update(seq=0, acked_seq=0, head=GENESIS)
    head_file.path().unlink()
    assert not notice_restore()

    report = synchronise(synced.client)

    assert (report.failed, this_kiosk().epoch, synced.at_cloud().epoch) == ({}, 2, 2)
    assert not this_kiosk().is_epoch_stale
    sell(3)
    synchronise(synced.client)
    assert ledger == [1, 2, 3]


def test_a_request_held_up_on_its_way_makes_no_new_epoch(synced, ledger):
    sell(1)
    held: list[requests.PreparedRequest] = []

    def hold(request):
        held.append(request)
        raise requests.ReadTimeout

    synced.wire.on_the_way_up = hold
    with pytest.raises(CloudUnreachable):
        synchronise(synced.client)
    synced.wire.on_the_way_up = lambda _request: None
    sell(2)
    synchronise(synced.client)

    late = synced.wire.send(held[0])

    assert late.status_code == 409
    assert synced.at_cloud().epoch == 1
    assert (synchronise(synced.client).failed, this_kiosk().epoch, ledger) == ({}, 1, [1, 2])


def test_an_epoch_lost_on_its_way_is_followed_by_another(synced):
    Kiosk.objects.update(is_epoch_stale=True)
    drop = [True]

    def lose_once(answer):
        if drop.pop():
            raise requests.ConnectionError
        return answer

    drop.insert(0, False)
    synced.wire.on_the_way_down = lose_once
    with pytest.raises(CloudUnreachable):
        synchronise(synced.client)
    drop.extend([False] * 5)

    synchronise(synced.client)

    assert (this_kiosk().epoch, this_kiosk().is_epoch_stale, synced.at_cloud().epoch) == (3, False, 3)


def test_a_cloud_restored_to_before_an_epoch_takes_the_kiosk_s_word_for_it(synced, ledger):
    Kiosk.objects.update(is_epoch_stale=True)
    synchronise(synced.client)
    sell(1)
    synchronise(synced.client)
    with synced.cloud():
        Record.objects.all().delete()
        Chain.objects.all().delete()
        Kiosk.objects.update(epoch=1)
    ledger.clear()

    report = synchronise(synced.client)

    assert (report.failed, ledger, this_kiosk().epoch, synced.at_cloud().epoch) == ({}, [1], 2, 2)


def renew_life(house) -> None:
    """The kiosk's disk gets a new epoch, as after a restore."""
    Kiosk.objects.filter(is_self=True).update(is_epoch_stale=True)
    synchronise(house.client)


def test_a_cloud_restored_to_before_an_epoch_asks_for_what_older_ones_had_acknowledged(synced, ledger):
    sell(1, 2, 3)
    synchronise(synced.client)
    renew_life(synced)
    sell(4)
    synchronise(synced.client)
    renew_life(synced)
    sell(5)
    synchronise(synced.client)
    with synced.cloud():  # a copy from when it had heard of the first sale
        Record.objects.exclude(epoch=1, seq=1).delete()
        Chain.objects.exclude(epoch=1).delete()
        Chain.objects.update(seq=1, acked_seq=1, head=Record.objects.get().chain)
        Kiosk.objects.update(epoch=1)
    ledger[:] = [1]

    report = synchronise(synced.client)

    assert (report.failed, ledger, unsent().count, this_kiosk().epoch) == ({}, [1, 2, 3, 4, 5], 0, 3)
    assert facts_on_cloud(synced) == [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)]
    assert synchronise(synced.client).contacts == 1


def facts_on_cloud(house) -> list[tuple[int, int]]:
    with house.cloud():
        return list(Record.objects.order_by("epoch", "seq").values_list("epoch", "seq"))


def test_a_cloud_that_was_told_another_disk_s_story_meanwhile_hears_all_of_that_epoch(synced, ledger):
    sell(1, 2)
    synchronise(synced.client)
    renew_life(synced)
    with synced.cloud():  # restored, and then told by the copy of a disk
        Record.objects.filter(seq=2).update(chain=bytes(32))
        Chain.objects.filter(epoch=1).update(head=bytes(32))
        Kiosk.objects.update(epoch=1)
    ledger.clear()

    report = synchronise(synced.client)

    assert (report.failed, ledger, unsent().count, this_kiosk().epoch) == ({}, [1, 2], 0, 3)
    assert facts_on_cloud(synced) == [(1, 1), (1, 2), (3, 1), (3, 2)]
    assert synchronise(synced.client).contacts == 1


def test_epochs_that_are_over_are_a_word_that_is_said_once(synced, ledger):
    sell(1)
    synchronise(synced.client)
    renew_life(synced)
    synchronise(synced.client)

    synchronise(synced.client)

    assert len(synced.wire.asked[-1].path_url) < len("/sync?") + 40


def test_a_cloud_that_has_forgotten_epochs_gives_one_above_the_kiosk_s(synced):
    with synced.cloud():
        Kiosk.objects.update(epoch=1)
    Kiosk.objects.update(epoch=6, is_epoch_stale=True)

    synchronise(synced.client)

    assert (this_kiosk().epoch, synced.at_cloud().epoch) == (7, 7)
