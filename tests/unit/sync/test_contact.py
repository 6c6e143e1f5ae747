"""One contact after the other between a real kiosk and a real cloud, each with its own database."""

from dataclasses import replace

import msgpack
import pytest
import requests
from django.db import transaction

from edgeshop import __version__
from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.fleet.queries import this_kiosk, this_shop
from edgeshop.fleet.services import notice_restore, revoke
from edgeshop.fleet.services.staff import save_shop
from edgeshop.journal import registry
from edgeshop.journal.models import Chain, Quarantine, Record, Stream
from edgeshop.journal.services import Page, append, changes, cursors, head_file, unsent
from edgeshop.kernel import events
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.facts import GENESIS
from edgeshop.sync.models import Remembered
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.feed import unpack_pages
from edgeshop.sync.services.state import last_contact
from edgeshop.sync.services.wire import unpack_answer
from tests.factories.fleet import KIOSK, SHOP, make_shop, make_staff

# Real commits: the head file is written after each, and a kiosk without one takes itself for restored.
pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
KIND = "test.sold.v1"


@pytest.fixture
def ledger(monkeypatch) -> list[int]:
    """What the cloud has applied, once each: a fact that comes under two epochs is known by what it says."""
    seen: list[int] = []

    def take(_fact, body):
        if body["n"] < 0:
            raise InvalidInput("A negative one.")
        if body["n"] not in seen:
            seen.append(body["n"])
        return registry.Outcome()

    monkeypatch.setitem(registry._handlers, KIND, take)
    return seen


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """The events that open screens would see."""
    kinds: list[str] = []
    monkeypatch.setattr(events, "_publisher", lambda kind, _payload: kinds.append(kind))
    return kinds


@pytest.fixture
def synced(house):
    """A house in which both sides have nothing left to say."""
    synchronise(house.client)
    house.wire.asked.clear()
    return house


def sell(*numbers: int) -> None:
    for n in numbers:
        with transaction.atomic():
            append(KIND, {"n": n})


def limit(settings, **knobs: int) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, **knobs))


def on_cloud(house, model):
    with house.cloud():
        return model.objects.count()


# Up


def test_facts_go_up_in_order_and_are_acknowledged(synced, ledger):
    sell(1, 2, 3)

    report = synchronise(synced.client)

    assert (report.acknowledged, report.failed, ledger, unsent().count) == (3, {}, [1, 2, 3], 0)
    with synced.cloud():
        chain = Chain.objects.get()
        assert (chain.device_id, chain.epoch, chain.seq, bytes(chain.head)) == (KIOSK, 1, 3, bytes(own_chain_head()))


def own_chain_head() -> bytes:
    return Record.objects.order_by("-seq").first().chain


def test_many_facts_take_as_many_contacts_as_they_need(synced, ledger, settings):
    limit(settings, batch_facts_max=2)
    sell(*range(7))

    report = synchronise(synced.client)

    assert (report.contacts, report.acknowledged, ledger) == (4, 7, list(range(7)))


def test_a_run_is_bounded_and_the_next_one_goes_on(synced, ledger, settings):
    limit(settings, batch_facts_max=1, contacts_per_run_max=2)
    sell(1, 2, 3)

    first, second = synchronise(synced.client), synchronise(synced.client)

    assert (first.acknowledged, second.acknowledged, ledger) == (2, 1, [1, 2, 3])


def test_nothing_to_say_is_one_small_request(synced):
    synchronise(synced.client)

    report = synchronise(synced.client)

    assert (report.contacts, report.streams, report.failed) == (1, set(), {})
    assert synced.wire.said[-1].status_code == 204
    assert synced.wire.asked[-1].method == "GET"
    assert len(synced.wire.asked[-1].path_url) < len("/sync?") + 40


def test_a_cloud_that_has_forgotten_what_was_said_hears_all_of_it(synced, ledger):
    sell(1)
    with synced.cloud():
        Remembered.objects.all().delete()

    report = synchronise(synced.client)

    assert (report.failed, ledger) == ({}, [1])
    assert [answer.status_code for answer in synced.wire.said[-2:]] == [409, 200]


def test_words_of_a_lost_answer_do_not_confuse_the_next_contact(synced, ledger):
    """The cloud has heard more than the kiosk believes; whatever the difference, both end with the same words."""
    synced.wire.on_the_way_down = lose = lambda _answer: (_ for _ in ()).throw(requests.ConnectionError)
    for n in (1, 2):
        sell(n)
        with pytest.raises(CloudUnreachable):
            synchronise(synced.client)
    assert lose is synced.wire.on_the_way_down
    synced.wire.on_the_way_down = lambda answer: answer

    synchronise(synced.client)

    with synced.cloud():
        remembered = msgpack.unpackb(bytes(Remembered.objects.get().words))
    assert remembered == synced.client.said
    assert ledger == [1, 2]


def test_an_answer_lost_after_the_cloud_committed_makes_nothing_twice(synced, ledger):
    sell(1, 2)

    def lose(_answer):
        raise requests.ConnectionError

    synced.wire.on_the_way_down = lose
    with pytest.raises(CloudUnreachable):
        synchronise(synced.client)
    assert (ledger, unsent().count) == ([1, 2], 2)
    synced.wire.on_the_way_down = lambda answer: answer

    report = synchronise(synced.client)

    assert (report.acknowledged, ledger, unsent().count) == (2, [1, 2], 0)
    with synced.cloud():
        assert list(Record.objects.values_list("seq", flat=True)) == [1, 2]


def test_a_poison_fact_is_quarantined_and_the_queue_moves_on(synced, ledger):
    sell(1, -1, 3)

    report = synchronise(synced.client)

    assert (report.acknowledged, ledger, on_cloud(synced, Quarantine)) == (3, [1, 3], 1)


def test_facts_of_a_revoked_kiosk_are_kept_apart_and_it_is_told_nothing(synced, ledger):
    with synced.cloud():
        revoke(KIOSK)
        save_shop_named("Secret")
    sell(1, 2)

    report = synchronise(synced.client)

    assert (report.acknowledged, report.streams, ledger, unsent().count) == (2, set(), [], 0)
    assert report.failed == {"identity": "fleet.kiosk_revoked"}
    assert this_shop().name == "Corner"
    with synced.cloud():
        assert set(Quarantine.objects.values_list("code", flat=True)) == {"fleet.kiosk_revoked"}


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


def test_the_cloud_knows_how_its_kiosk_is(synced, settings, held_clock):
    limit(settings, batch_facts_max=1, contacts_per_run_max=1)
    sell(1, 2, 3)

    synchronise(synced.client)

    kiosk = synced.at_cloud()
    assert (kiosk.unsent_count, kiosk.last_contact_at, kiosk.release) == (3, held_clock.at, __version__)
    assert last_contact() == held_clock.timestamp()


# Down


def save_shop_named(name: str) -> None:
    shop = Shop.objects.get(pk=SHOP)
    shop.name = name
    save_shop(shop)


def test_what_changes_in_the_cloud_arrives_and_screens_are_told(synced, told):
    with synced.cloud():
        save_shop_named("Harbour")
        make_staff("ben")

    report = synchronise(synced.client)

    assert (this_shop().name, Staff.objects.get().username) == ("Harbour", "ben")
    assert report.streams == {"config", "staff"}
    assert set(told) == {"staff.changed", "config.changed"}


def test_many_rows_over_many_streams_come_in_bounded_answers(synced, settings):
    limit(settings, page_rows_max=3)
    with synced.cloud():
        for n in range(4):
            make_staff(f"p{n}")
        for n in range(20, 24):
            save_shop(make_shop(pk=n, name=f"Shop {n}"))
        save_shop_named("Harbour")
        before = len(synced.wire.said)

    report = synchronise(synced.client)

    assert (report.contacts, Staff.objects.count(), this_shop().name) == (3, 4, "Harbour")
    answers = pages_of(synced.wire.said[before:])
    sizes = [sum(len(page.rows) + len(page.gone) for page in pages) for pages in answers]
    assert max(sizes) <= 3
    assert sum(sizes) == 9
    with synced.cloud():
        ends = dict(Stream.objects.exclude(name="sequencer").values_list("name", "seq"))
    assert {name: seq for name, (_, seq) in cursors().items()} == ends


def pages_of(answers: list[requests.Response]) -> list[list[Page]]:
    told = [unpack_answer(answer.content).get("pages", []) for answer in answers if answer.content]
    return [list(unpack_pages(pages, kiosk_id=KIOSK)) for pages in told]


def test_a_stream_that_cannot_be_applied_holds_up_no_other_and_is_tried_again(synced, monkeypatch, settings):
    limit(settings, page_rows_max=2)
    with synced.cloud():
        for n in range(5):
            make_staff(f"p{n}")
        save_shop_named("Harbour")
    good = registry.source_of("staff")
    with monkeypatch.context() as broken:
        broken.setitem(registry._sources, "staff", registry.Source(good.collect, lambda *_: 1 / 0))
        report = synchronise(synced.client)
    assert report.failed == {"staff": "sync.section_failed"}
    assert (this_shop().name, Staff.objects.count()) == ("Harbour", 0)

    report = synchronise(synced.client)

    assert (report.failed, Staff.objects.count()) == ({}, 5)


def test_a_section_that_fails_on_the_cloud_holds_up_no_other(synced, ledger, monkeypatch):
    with synced.cloud():
        make_staff("ben")
    good = registry.source_of("staff")
    monkeypatch.setitem(registry._sources, "staff", registry.Source(lambda *_: 1 / 0, good.apply))
    sell(1)

    report = synchronise(synced.client)

    assert (report.acknowledged, ledger) == (1, [1])
    assert report.failed == {"pages": "sync.section_failed"}


def test_downloads_do_not_wait_for_uploads(synced, monkeypatch):
    with synced.cloud():
        save_shop_named("Harbour")
        Chain.objects.update_or_create(device_id=KIOSK, epoch=1, defaults={"seq": 5, "acked_seq": 5, "head": GENESIS})
    sell(1)

    synchronise(synced.client)

    assert this_shop().name == "Harbour"


def test_streams_of_other_kiosks_are_not_handed_out(synced, monkeypatch):
    asked: list[str] = []

    def collect(stream, _keys):
        asked.append(stream)
        return []

    good = registry.source_of("stock")
    monkeypatch.setitem(registry._sources, "stock", registry.Source(collect, good.apply))
    with synced.cloud():
        changes(f"stock/{KIOSK}", "1/1")
        changes("stock/13", "1/1")

    synchronise(synced.client)

    assert asked == [f"stock/{KIOSK}"]
