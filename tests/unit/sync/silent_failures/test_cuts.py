"""What breaks off: a run of contacts, a page that is one of several, an answer in the middle of its bytes."""

from dataclasses import replace

import pytest
import requests
from django.db import transaction

from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.journal.models import Stream
from edgeshop.journal.services import append, cursors, pages, unsent
from edgeshop.kernel.columns import MalformedColumn
from edgeshop.sync.errors import Malformed
from edgeshop.sync.services import answer, synchronise
from edgeshop.sync.services.feed import unpack_page
from edgeshop.sync.services.wire import from_address, unpack_answer, unpack_message
from tests.factories.fleet import KIOSK, House
from tests.factories.rows import STREAM, Rows

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
COUNT, AT_ONCE = 60, 10


@pytest.fixture
def small_steps(synced, settings) -> House:
    """A house in which everything takes several contacts."""
    knobs = replace(settings.EDGESHOP.sync, page_rows_max=AT_ONCE, batch_facts_max=AT_ONCE)
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=knobs)
    return synced


def give_much(house: House, rows: Rows) -> None:
    with house.cloud():
        rows.put(**{f"p{n}": n for n in range(COUNT)})
    with transaction.atomic():
        for n in range(COUNT):
            append("test.sold.v1", {"n": n})


def run_with_breaks(house: House, *, between) -> int:
    """The link breaks after every second answer until all is done; how often it did. `between` runs at each break."""
    breaks = 0
    while True:
        answers: list[requests.Response] = []
        house.wire.on_the_way_down = lambda answer, seen=answers: lose_third(answer, seen)
        try:
            synchronise(house.client)
        except CloudUnreachable:
            breaks += 1
            assert breaks < COUNT // AT_ONCE
            between()
        else:
            return breaks


def lose_third(answer: requests.Response, seen: list[requests.Response]) -> requests.Response:
    seen.append(answer)
    if len(seen) == 3:
        raise requests.ConnectionError
    return answer


def sent(house: House) -> tuple[int, int]:
    """How many rows of the stream came down and how many facts went up, over all contacts."""
    told = [unpack_answer(answer.content) for answer in house.wire.said if answer.content]
    down = [unpack_page(page, kiosk_id=KIOSK) for said in told for page in said.get("pages", [])]
    up = [unpack_message(from_address(r.path_url.partition("?")[2], r.body or b"")) for r in house.wire.asked]
    ends = [message.facts.first for message in up if message.facts]
    return sum(len(page.rows) for page in down if page.stream == STREAM), AT_ONCE * len(ends)


def test_a_sync_that_breaks_off_does_not_begin_again(small_steps, rows):
    give_much(small_steps, rows)

    breaks = run_with_breaks(small_steps, between=lambda: None)

    rows_down, facts_up = sent(small_steps)
    assert (rows.below == rows.above, unsent().count) == (True, 0)
    assert breaks >= 2
    assert rows_down <= COUNT + breaks * AT_ONCE
    assert facts_up <= COUNT + breaks * AT_ONCE


def test_control_a_kiosk_that_forgets_its_place_when_the_link_breaks_never_ends(small_steps, rows):
    give_much(small_steps, rows)

    with pytest.raises(AssertionError):
        run_with_breaks(small_steps, between=lambda: Stream.objects.filter(name=STREAM).update(seq=0, epoch=0))


def test_a_page_cut_in_the_middle_is_not_taken_for_its_end(small_steps, rows):
    give_much(small_steps, rows)
    small_steps.wire.on_the_way_down = lambda answer: lose_third(answer, small_steps.wire.said[:])
    with pytest.raises(CloudUnreachable):
        synchronise(small_steps.client)
    assert 0 < len(rows.below) < len(rows.above)
    with small_steps.cloud():
        end = Stream.objects.get(name=STREAM).seq
    assert cursors()[STREAM][1] == len(rows.below) < end

    small_steps.wire.on_the_way_down = lambda answer: answer
    synchronise(small_steps.client)

    assert (rows.below, cursors()[STREAM][1]) == (rows.above, end)


def test_control_a_cloud_that_says_its_end_on_every_page_leaves_rows_out(small_steps, rows, monkeypatch):
    def to_the_end(**asked):
        found = pages.page(**asked)
        return found and replace(found, seq=asked["states"][found.stream].seq, more=False, digest=None)

    monkeypatch.setattr(answer, "page", to_the_end)
    give_much(small_steps, rows)

    synchronise(small_steps.client)

    assert len(rows.below) == 1 + AT_ONCE
    assert len(rows.below) < len(rows.above)


def cut_at(answer: requests.Response, at: int) -> requests.Response:
    answer._content = answer.content[:at]
    return answer


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_an_answer_cut_in_the_middle_of_its_bytes_is_not_taken(synced, rows, share):
    before = cursors()
    give_much(synced, rows)
    synced.wire.on_the_way_down = lambda answer: cut_at(answer, int(len(answer.content) * share))

    with pytest.raises(CloudUnreachable):
        synchronise(synced.client)

    assert (rows.below, cursors(), unsent().count) == ({"first": 0}, before, COUNT)


def test_no_part_of_a_page_passes_for_a_page_even_without_its_signature(synced, rows):
    give_much(synced, rows)
    synchronise(synced.client)
    whole = max((answer.content for answer in synced.wire.said), key=len)
    assert len(pages_of(whole)) == 1

    for at in range(len(whole)):
        with pytest.raises((Malformed, MalformedColumn)):
            pages_of(whole[:at])


def pages_of(data: bytes) -> list[pages.Page]:
    return [unpack_page(page, kiosk_id=KIOSK) for page in unpack_answer(data)["pages"]]
