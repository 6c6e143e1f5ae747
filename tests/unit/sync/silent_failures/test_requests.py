"""Requests and bytes that grow without anybody noticing: one for each document, one for each checkpoint, plain text."""

import json
import zlib
from dataclasses import replace

import msgpack
import pytest
from django.db import transaction

from edgeshop.journal.services import append
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.wire import unpack_answer
from edgeshop.sync.services.words import whole
from tests.factories.fleet import House
from tests.factories.rows import Rows

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
MANY = 120


def exchange(house: House, rows: Rows, *, count: int = MANY) -> int:
    """Many rows down and many facts up; how many requests that took."""
    with house.cloud():
        rows.put(**{f"p{n}": f"Loaf of rye number {n}" for n in range(count)})
    with transaction.atomic():
        for n in range(count):
            append("test.sold.v1", {"n": n, "note": f"Sold at the counter, bag {n}"})
    synchronise(house.client)
    assert rows.below == rows.above
    return len(house.wire.asked)


def test_many_rows_and_facts_do_not_take_a_request_each(synced, rows):
    assert exchange(synced, rows) <= 3


def test_control_with_a_row_to_a_page_they_do(synced, rows, settings):
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, page_rows_max=1))

    assert exchange(synced, rows, count=8) >= 8


def bytes_up_after_changes(house: House, rows: Rows) -> list[int]:
    """How much each contact sends up when one row has changed before it, and how much when none has, at the end."""
    sizes = []
    for n in (1, 2, 3, None):
        if n is not None:
            with house.cloud():
                rows.put(first=n)
        house.wire.asked.clear()
        synchronise(house.client)
        sizes += [len(request.path_url) + len(request.body or b"") for request in house.wire.asked]
    return sizes


def test_noting_how_far_we_are_takes_no_request_of_its_own(synced, rows):
    sizes = bytes_up_after_changes(synced, rows)

    assert len(sizes) == 4
    assert max(sizes) <= 80


def test_control_a_kiosk_that_tells_its_place_anew_every_time_sends_much_more(synced, rows, monkeypatch):
    monkeypatch.setattr(
        "edgeshop.sync.services.contact.difference_in_doubt", lambda _sure, _unsure, words: whole(words)
    )

    assert min(bytes_up_after_changes(synced, rows)) > 3 * 80


def still_packs(data: bytes) -> float:
    """To what share of its size gzip brings it."""
    return len(zlib.compress(data, 9)) / len(data)


def test_what_travels_is_not_left_uncompressed(synced, rows):
    exchange(synced, rows)
    up = max((request.body or b"" for request in synced.wire.asked), key=len)
    down = max((answer.content for answer in synced.wire.said), key=len)

    assert min(still_packs(up), still_packs(down)) > 0.95
    assert len(unpack_answer(down)["pages"]) == 1


def test_control_the_same_rows_in_plain_packs_to_a_third(synced, rows):
    exchange(synced, rows)

    assert still_packs(json.dumps(rows.above).encode()) < 0.34
    assert still_packs(msgpack.packb(rows.above)) < 0.34
