"""Bytes that are no columns are refused with one error, in bounded memory and time."""

import random
import tracemalloc

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeshop.kernel.columns import UNTRUSTED, MalformedColumn, decode_rows, encode_rows
from edgeshop.kernel.columns.reader import uvarint

pytestmark = pytest.mark.unit
NAMES = ["id", "sku", "name", "stock", "tags", "title"]
MAX_BYTES = 1 << 16
MUTATIONS = 10_000


def _pages():
    """Good encodings that between them hold every kind and form."""
    chance = random.Random(7)
    adjectives, nouns = ["crisp", "smooth", "dark", "fresh"], ["crackers", "chips", "water", "tea"]
    rows = [
        {
            "id": place * 3 + chance.randrange(3),
            "sku": f"{4 * 10**12 + place * 1009:013}",
            "name": f"{chance.choice(adjectives)} {chance.choice(nouns)} {chance.randrange(900)}",
            "stock": int(chance.expovariate(1 / 25)),
            "tags": chance.sample(nouns, chance.randrange(4)),
            "title": {"de": chance.choice(nouns), "en": None} if place % 3 else {},
            "odd": chance.choice([1, 1.5, None, "x", [2**70], True]),
            "fresh": chance.random() < 0.3,
            "blob": chance.randbytes(place % 5),
            "price": chance.choice([49, 99, 10**6, 10**9]),
        }
        for place in range(24)
    ]
    for size in (1, 3, 24):
        yield rows[:size]
    yield [{key: row[key] for key in row if chance.random() < 0.7} for row in rows]
    yield [{"name": row["name"] * 3} for row in rows]


def _mutated(data, chance):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        place = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[place] ^= 1 << chance.randrange(8)
            case 1:
                data[place] = chance.choice([0, 127, 128, 255, chance.randrange(256)])
            case 2:
                del data[place : place + chance.randrange(1, 4)]
            case 3:
                data[place:place] = chance.randbytes(chance.randrange(1, 4))
            case 4:
                data[place : place + 1] = uvarint(1 << chance.randrange(62))
        if not data:
            return b""
    return bytes(data)


def test_ten_thousand_mutations_are_read_or_refused_with_one_error():
    chance = random.Random(11)
    pages = [encode_rows(page, names=NAMES, trusted=False) for page in _pages()]
    read = refused = 0

    for turn in range(MUTATIONS):
        try:
            rows = decode_rows(
                _mutated(pages[turn % len(pages)], chance), names=NAMES, codecs=UNTRUSTED, max_bytes=MAX_BYTES
            )
        except MalformedColumn:
            refused += 1
        else:
            read += 1
            assert len(rows) <= MAX_BYTES // 64

    assert read + refused == MUTATIONS
    assert refused > MUTATIONS // 2
    assert read > 0  # a mutation need not be seen: who signed the bytes is another layer's question


def test_unchanged_pages_are_read():
    for page in _pages():
        assert decode_rows(
            encode_rows(page, names=NAMES, trusted=False), names=NAMES, codecs=UNTRUSTED, max_bytes=MAX_BYTES
        )


def _reads(data):
    """Whether bytes are read or refused; any other end is an error of the test."""
    try:
        decode_rows(data, names=NAMES, codecs=UNTRUSTED, max_bytes=MAX_BYTES)
    except MalformedColumn:
        return False
    return True


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused_with_one_error(data):
    assert _reads(data) in (True, False)


@given(st.integers(1, 5), st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_column_is_read_or_refused_with_one_error(rows, column):
    assert _reads(uvarint(rows) + b"\1\1" + column) in (True, False)


def _framed(codec, packed, size):
    body = uvarint(size) + packed
    return bytes([codec]) + uvarint(len(body)) + body


BOMB = bytes(1 << 26)
ZSTD_BOMB = zstandard.ZstdCompressor(
    compression_params=zstandard.ZstdCompressionParameters.from_level(
        19, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=False
    )
).compress(BOMB)
TEXTS, JOINED, NULL = bytes([11]), b"\0", bytes([65]) + b"\xc0"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(uvarint(1 << 40) + b"\0", id="rows without end"),
        pytest.param(uvarint(900) + b"\1\1" + bytes([15]) * 3, id="records in records"),
        pytest.param(uvarint(1) + b"\1\1" + bytes([14, 0, 0, 9, *b"\xff" * 8, 0x7F]) + NULL, id="a list without end"),
        pytest.param(uvarint(1) + b"\1\1" + bytes([14, 64, 0]) * 40 + NULL, id="lists without floor"),
        pytest.param(
            uvarint(1000) + uvarint(20) + b"".join(b"\0\1" + bytes([97 + place]) + NULL for place in range(20)),
            id="columns without end",
        ),
        pytest.param(
            uvarint(1) + b"\1\1" + TEXTS + JOINED + _framed(1, ZSTD_BOMB, 60_000), id="zstd says less than it is"
        ),
        pytest.param(uvarint(1) + b"\1\1" + TEXTS + JOINED + _framed(1, ZSTD_BOMB, 1 << 26), id="zstd says what it is"),
        pytest.param(
            uvarint(1)
            + b"\1\1"
            + TEXTS
            + JOINED
            + _framed(1, b"\xe0" + (1 << 40).to_bytes(8, "little") + b"\3\0\0a", 60_000),
            id="a frame claims a terabyte",
        ),
        pytest.param(
            uvarint(1) + b"\1\1" + TEXTS + JOINED + _framed(2, brotli.compress(BOMB), 60_000),
            id="brotli says less than it is",
        ),
        pytest.param(
            uvarint(1) + b"\1\1" + bytes([127]) + uvarint(5000) + b"\xdd\0\0\x13\x88" * 1000,
            id="msgpack arrays of arrays",
        ),
    ],
)
def test_a_bomb_is_refused_before_it_has_grown(data):
    tracemalloc.start()
    try:
        with pytest.raises(MalformedColumn):
            decode_rows(data, names=NAMES, codecs=UNTRUSTED, max_bytes=MAX_BYTES)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak_bytes < 32 * MAX_BYTES


def test_as_many_bytes_as_allowed_are_enough():
    rows = [{"name": "water"}] * 10
    data = encode_rows(rows)

    assert decode_rows(data, max_bytes=2_000) == rows
    with pytest.raises(MalformedColumn):
        decode_rows(data, max_bytes=500)
