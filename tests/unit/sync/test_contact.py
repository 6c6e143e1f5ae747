"""One contact after the other between a real kiosk and a real cloud, each with its own database."""

from dataclasses import replace

import msgpack
import pytest
import requests

from edgeshop import __version__
from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.fleet.queries import this_shop
from edgeshop.fleet.services import revoke
from edgeshop.fleet.services.staff import save_shop
from edgeshop.journal import registry
from edgeshop.journal.errors import FactsUnreadable
from edgeshop.journal.models import Chain, Quarantine, Record, Stream
from edgeshop.journal.services import Page, changes, cursors, unsent
from edgeshop.kernel import events
from edgeshop.kernel.facts import GENESIS
from edgeshop.sync.errors import Malformed
from edgeshop.sync.models import Remembered
from edgeshop.sync.services import answer, synchronise
from edgeshop.sync.services.feed import unpack_pages
from edgeshop.sync.services.state import last_contact
from edgeshop.sync.services.wire import Message, unpack_answer, unpack_message
from tests.factories.facts import on_cloud, sell
from tests.factories.fleet import KIOSK, SHOP, make_shop, make_staff

# Real commits: the head file is written after each, and a kiosk without one takes itself for restored.
pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """The events that open screens would see."""
    kinds: list[str] = []
    monkeypatch.setattr(events, "_publisher", lambda kind, _payload: kinds.append(kind))
    return kinds


def limit(settings, **knobs: int) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, **knobs))


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

    assert 409 not in [answer.status_code for answer in synced.wire.said]
    with synced.cloud():
        remembered = msgpack.unpackb(bytes(Remembered.objects.get().words))
    assert remembered == synced.client.said
    assert ledger == [1, 2]


def test_words_that_are_gone_when_an_answer_was_lost_are_told_by_name(synced, lost_answer):
    synchronise(synced.client)

    assert 409 not in [answer.status_code for answer in synced.wire.said]
    with synced.cloud():
        kept = msgpack.unpackb(bytes(Remembered.objects.get().words))
    assert kept == synced.client.said
    assert "audit.head" not in kept


def test_a_cloud_that_does_not_read_such_names_hears_everything(synced, lost_answer, monkeypatch):
    """As one of a release before them."""

    def read(data: bytes) -> Message:
        message = unpack_message(data)
        if any(isinstance(at, str) for at in message.news.gone or []):
            raise Malformed("A part of this contact message is of another form.")
        return message

    monkeypatch.setattr("edgeshop.sync.services.answer.unpack_message", read)

    report = synchronise(synced.client)

    assert report.failed == {}
    assert [answer.status_code for answer in synced.wire.said[-2:]] == [422, 204]


@pytest.fixture
def lost_answer(synced, ledger) -> None:
    """The answer to a contact in which the kiosk's journal, told of before, was none of its words any more."""
    sell(1)
    synchronise(synced.client)
    synchronise(synced.client)  # tells of the journal as acknowledged
    assert "audit.head" in synced.client.said

    def lose(_answer):
        raise requests.ConnectionError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(synced.wire, "on_the_way_down", lose)
        with pytest.raises(CloudUnreachable):
            synchronise(synced.client)


def test_words_that_cannot_have_arrived_are_not_doubted(synced):
    """A box that cannot connect for hours says by place what has changed, as if it had been silent."""
    synchronise(synced.client)

    def refuse(_request):
        raise requests.ConnectTimeout

    synced.wire.on_the_way_up = refuse
    sell(1)
    with pytest.raises(CloudUnreachable):
        synchronise(synced.client)

    assert synced.client.unsure == frozenset()


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
    assert sum(sizes) == 7  # of the four other shops two were in the first page, where nothing can be gone
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


def test_pages_beside_facts_that_were_not_readable_wait_until_they_are(synced, ledger, monkeypatch):
    """By its facts the cloud may see that this disk is another one, and then it tells more."""
    tries, read, so_far = [], answer.unpack_facts, []

    def not_at_first(*packed, **known):
        tries.append(1)
        if len(tries) == 1:
            raise FactsUnreadable("A short form leads nowhere.")
        return read(*packed, **known)

    monkeypatch.setattr(answer, "unpack_facts", not_at_first)
    sell(1)
    with synced.cloud():
        save_shop(Shop.objects.get())

    synchronise(synced.client, lambda report: so_far.append((report.acknowledged, set(report.streams))))

    assert so_far[:2] == [(0, set()), (1, {"config"})]
    assert ledger == [1]


def test_pages_for_a_disk_that_may_be_another_wait_until_it_is_known(synced):
    sell(1)
    with synced.cloud():
        save_shop(Shop.objects.get())
        Chain.objects.create(device_id=KIOSK, epoch=1, seq=5, acked_seq=5, head=GENESIS)
    lives = []

    synchronise(
        synced.client, lambda report: lives.append((Kiosk.objects.get(is_self=True).epoch, set(report.streams)))
    )

    assert lives[0] == (1, set())
    assert (2, {"config"}) in lives


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
