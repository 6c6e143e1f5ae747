"""How a contact is written, and what is no contact."""

import msgpack
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from edgeshop.sync.errors import Malformed
from edgeshop.sync.services import wire
from edgeshop.sync.services.wire import (
    Batch,
    Message,
    from_address,
    is_facts_only,
    pack_answer,
    pack_message,
    to_address,
    unpack_answer,
    unpack_message,
)
from edgeshop.sync.services.words import Difference

pytestmark = pytest.mark.unit
FACTS = Batch(1, 7, bytes(32), b"\x00{}")


@pytest.mark.parametrize("facts", [None, FACTS, Batch(1, 7, bytes(32), b"x" * 5000)])
@pytest.mark.parametrize("gone", [None, [], [3, 1], ["audit.head"]])
def test_a_message_comes_back_as_it_went_in(gone, facts):
    message = Message("C", b"12345678", Difference([(4, b"\x01"), ("grants.last", b"\xc0")], gone), facts)

    assert unpack_message(pack_message(message)) == message


def test_an_answer_comes_back_as_it_went_in():
    told = {"facts": {"epoch": 1, "acked_seq": 3, "unsettled": [[3, "review"]]}, "n": {1: [None, "ü"]}}

    assert unpack_answer(pack_answer(told)) == told


def test_what_a_newer_release_adds_at_the_end_is_not_looked_at():
    known = Message("A", None, Difference([], None), FACTS)

    assert unpack_message(msgpack.packb([2, 0, None, [], None, [1, 7, bytes(32), b"\x00{}"], {"later": 1}])) == known


@pytest.mark.parametrize("size", [0, 1, 2, 100, 360, 361, 5000])
def test_a_small_message_is_part_of_the_address(size):
    data = bytes(range(256)) * 20

    address, body = to_address("/sync", data[:size])

    assert bool(body) is (size > 360)
    assert from_address(address.partition("?")[2], body) == data[:size]


@pytest.mark.parametrize("query", ["%41", "a b", "ü", "a", "=="])
def test_an_odd_address_is_malformed(query):
    with pytest.raises(Malformed):
        from_address(query, b"")


def test_only_a_message_that_brings_facts_and_asks_for_nothing_may_come_late():
    news = Difference([], None)

    assert is_facts_only(pack_message(Message("B", None, news, FACTS)))
    assert not is_facts_only(pack_message(Message("B", b"12345678", news, FACTS)))
    assert not is_facts_only(pack_message(Message("B", None, news)))
    assert not is_facts_only(b"<html>")


GOOD = [2, 1, None, [], [], None]


@pytest.mark.parametrize(
    "said",
    [
        [1, 2],
        {"v": 2},
        [3, *GOOD[1:]],
        [2, 4, *GOOD[2:]],
        [2, "B", *GOOD[2:]],
        [2, 1, 5, *GOOD[3:]],
        [2, 1, None, 7, [], None],
        [2, 1, None, [[1]], [], None],
        [2, 1, None, [[1, 2**40]], [], None],
        [2, 1, None, [[b"", b""]], [], None],
        [2, 1, None, [], [b"x"], None],
        [2, 1, None, [], [], 5],
        [2, 1, None, [], [], [1, 2, b""]],
        None,
    ],
    ids=str,
)
def test_a_message_of_another_form_is_malformed(said):
    unpack_message(msgpack.packb(GOOD))
    with pytest.raises(Malformed):
        unpack_message(msgpack.packb(said))


@pytest.mark.parametrize(
    "data",
    [b"", b"\x28\xb5\x2f\xfd", b"<html>", b"\xc1", b"\xff\xff", b"\x91" * 5000, zstandard.compress(b"\x91" * 5000)],
)
def test_what_is_no_contact_is_malformed(data):
    for unpack in (unpack_message, unpack_answer):
        with pytest.raises(Malformed):
            unpack(data)


@given(data=st.binary(max_size=200), is_packed=st.booleans())
def test_no_bytes_do_anything_but_come_back_or_be_malformed(data, is_packed):
    try:
        unpack_message(zstandard.compress(data) if is_packed else data)
    except Malformed:
        return


def test_a_small_message_that_would_fill_the_memory_is_malformed(monkeypatch):
    monkeypatch.setattr(wire, "_MESSAGE_BYTES_MAX", 1000)
    large = msgpack.packb({"padding": bytes(100_000)})
    stated = zstandard.compress(large)
    unstated = zstandard.ZstdCompressor(write_content_size=False).compress(large)

    for bomb in (stated, unstated):
        assert len(bomb) < 200
        with pytest.raises(Malformed):
            unpack_answer(bomb)
