"""Byte codecs: every one that may win is tried, the smallest is kept.

Written: codec, length, payload; a packed payload begins with its unpacked length, so that a reader knows what it will
make before it makes it.
Sources: RFC 8878 (zstd, here without its magic number), RFC 7932 (brotli), Shkarin 2002 "PPM: one step to practicality"
(variant H: that of pyppmd 1.3.1's variant I fails to read back our descriptions at order 2). PPMd's decoder is not
hardened against hostile bytes: it is for what the cloud has signed.
"""

from collections.abc import Iterator

import brotli
import pyppmd
import zstandard

from edgeshop.kernel.columns.errors import MalformedColumn
from edgeshop.kernel.columns.reader import Reader, uvarint

RAW, ZSTD, BROTLI = 0, 1, 2
PPMD = {3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 8, 9: 12}  # the order behind each number
PPMD_MEMORY = 1 << 24  # touched only as far as a model grows; smaller models start afresh when full, and lose
PPMD_RAW_MAX = 1 << 22  # beyond it a model of this memory starts afresh
PPMD_LONG_MIN, PPMD_NUMERIC_MIN = 1 << 14, 1 << 9
BROTLI_RAW_MAX = 1 << 10  # its built-in words help short texts; on longer ones PPMd wins, and brotli takes seconds
PACKED_RAW_MIN = 8  # nothing packs to less
ZSTD_WINDOW_MAX = 1 << 23  # what level 19 uses
UNPACK_ERRORS = (zstandard.ZstdError, brotli.error, pyppmd.PpmdError, ValueError, SystemError)  # the last is PPMd's too
TRUSTED = frozenset({RAW, ZSTD, BROTLI, *PPMD})
UNTRUSTED = frozenset({RAW, ZSTD, BROTLI})


def encode(raw: bytes, codecs: frozenset[int], *, numeric: bool = False) -> bytes:
    """The smallest writing of `raw`. `numeric` asks only those that find repeats; our own models know the rest."""
    bodies = [(codec, uvarint(len(raw)) + packed) for codec, packed in _packings(raw, codecs, numeric=numeric)]
    written = [bytes([codec]) + uvarint(len(body)) + body for codec, body in [(RAW, raw), *bodies]]
    return next(form for form in sorted(written, key=len) if form[0] not in PPMD or reads_back(form, raw))


def decode(reader: Reader, max_size: int | None = None) -> bytes:
    """The bytes again, at most `max_size` of them. Raises: MalformedColumn."""
    codec = reader.byte()
    body = reader.take(reader.uvarint())
    if codec not in reader.codecs:
        raise MalformedColumn("A column uses a codec that is not read here.", codec=codec)
    inner = Reader(body, codecs=reader.codecs, names=(), max_bytes=0)
    size = len(body) if codec == RAW else inner.uvarint()
    if not size and codec != RAW:
        raise MalformedColumn("A packed column holds nothing.", codec=codec)
    if max_size is not None and size > max_size:
        raise MalformedColumn("A column is longer than its rows can be.", size_bytes=size)
    reader.spend(size)
    return body if codec == RAW else _unpacked(codec, inner.peek(len(body)), size)


def _packings(raw: bytes, codecs: frozenset[int], *, numeric: bool) -> Iterator[tuple[int, bytes]]:
    if len(raw) < PACKED_RAW_MIN:
        return
    yield ZSTD, _zstd(raw)
    orders = _orders(raw, codecs, numeric=numeric)
    if not numeric and (not orders or len(raw) <= BROTLI_RAW_MAX):
        yield BROTLI, brotli.compress(raw, quality=11, lgwin=24)
    for codec in orders:
        model = pyppmd.Ppmd7Encoder(PPMD[codec], PPMD_MEMORY)
        yield codec, model.encode(raw) + model.flush(endmark=False)


def _orders(raw: bytes, codecs: frozenset[int], *, numeric: bool) -> list[int]:
    """The codecs of PPMd worth trying: a higher order wants more text to learn from."""
    if len(raw) > PPMD_RAW_MAX or (numeric and len(raw) < PPMD_NUMERIC_MIN):
        return []
    low, high = (2, 3) if numeric else (2, 5) if len(raw) < PPMD_LONG_MIN else (4, 12)
    return [codec for codec, order in PPMD.items() if codec in codecs and low <= order <= high]


def _zstd(raw: bytes) -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(
        19, source_size=len(raw), format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_content_size=False
    )
    return zstandard.ZstdCompressor(compression_params=parameters).compress(raw)


def reads_back(written: bytes, raw: bytes) -> bool:
    """PPMd's decoder now and then fails on what its encoder wrote: such a writing is passed over."""
    try:
        return decode(Reader(written, codecs=TRUSTED, names=(), max_bytes=len(raw))) == raw
    except MalformedColumn:
        return False


def _unpacked(codec: int, packed: bytes, size: int) -> bytes:
    try:
        raw = _unpack(codec, packed, size)
    except UNPACK_ERRORS as error:
        raise MalformedColumn("A packed column does not unpack.", codec=codec) from error
    if len(raw) != size:
        raise MalformedColumn("A packed column does not unpack to its length.", codec=codec, size_bytes=size)
    return raw


def _unpack(codec: int, packed: bytes, size: int) -> bytes:
    """At most a little more than `size`: one-shot zstd would believe a size that the frame itself claims."""
    if codec == ZSTD:
        frame = zstandard.ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS, max_window_size=ZSTD_WINDOW_MAX)
        with frame.stream_reader(packed) as stream:
            return stream.read(size + 1)
    raw: bytes
    if codec == BROTLI:
        unpacker = brotli.Decompressor()
        raw = unpacker.process(packed, output_buffer_limit=size + 1)
        return raw if unpacker.is_finished() else b""
    raw = pyppmd.Ppmd7Decoder(PPMD[codec], PPMD_MEMORY).decode(packed, size)
    return raw
