"""How a contact is written, and what is no contact."""

import msgpack
import pytest
import zstandard

from edgeshop.sync.errors import Malformed
from edgeshop.sync.services import wire
from edgeshop.sync.services.wire import pack, unpack

pytestmark = pytest.mark.unit


def packed(value: object) -> bytes:
    return zstandard.compress(msgpack.packb(value))


def test_a_message_comes_back_as_it_went_in():
    message = {"v": 1, "sections": {"facts": {"bodies": [b"\x00{}", b""], "head": bytes(32)}, "n": {1: [None, "ü"]}}}

    assert unpack(pack(message)) == message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x28\xb5\x2f\xfd",
        b"<html>",
        pack({"sections": {}})[:-3],
        packed([1, 2]),
        packed({}),
        packed({"sections": []}),
        packed({"sections": {}})[:4] + bytes(40),
        zstandard.compress(b"\xc1"),
        zstandard.compress(b"\xff\xff"),
        zstandard.compress(b"\x91" * 5000),
        packed({"v": 2, "sections": {}}),
    ],
)
def test_what_is_no_contact_of_a_known_form_is_malformed(data):
    with pytest.raises(Malformed):
        unpack(data)


def test_a_small_message_that_would_fill_the_memory_is_malformed(monkeypatch):
    monkeypatch.setattr(wire, "_MESSAGE_BYTES_MAX", 1000)
    large = msgpack.packb({"sections": {"padding": bytes(100_000)}})
    stated = zstandard.compress(large)
    unstated = zstandard.ZstdCompressor(write_content_size=False).compress(large)

    for bomb in (stated, unstated):
        assert len(bomb) < 200
        with pytest.raises(Malformed):
            unpack(bomb)
