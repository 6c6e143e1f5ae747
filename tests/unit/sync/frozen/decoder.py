"""What a kiosk of form 2 can read, and nothing newer: a reader of answers that shares no code with the project.

Frozen on purpose. When a test that uses it fails, the cloud says something that kiosks in shops cannot read: change the
cloud. It reads only; whatever it does not know is an error, as it is for a kiosk.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import brotli
import msgpack
import pyppmd
import zstandard

KIOSK = 12
STREAMS = ("staff", "config", "catalogue", "prices", "stock", "models", "orders", "vectors")
OWN_STREAMS = {"stock", "orders"}
NAMES = (
    "@", "#", "category_id", "sku", "barcode", "tax_class", "stock_policy", "image_sha256", "image_version", "texts",
    "colour", "is_active", "changed_at", "slug", "position", "names", "shop", "published", "valid", "rates", "note",
    "entries", "product", "unit", "granted", "state", "why", "delivery", "payment", "handover", "acknowledged",
    "settled", "reviews", "order", "en", "de", "ar", "name", "description", "keywords",
)  # fmt: skip
ABSENT: Any = object()
NUMBERED = re.compile(r".*?(0|[1-9][0-9]{0,17})", re.DOTALL)
PPMD_ORDERS = {3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 8, 9: 12}


def sections(data: bytes) -> dict[str, Any]:
    """The sections of an answer; pages in it as [stream, epoch, seq, more, rows by key, keys that are gone, digest]."""
    plain = zstandard.ZstdDecompressor().decompress(data) if data[:4] == b"\x28\xb5\x2f\xfd" else data
    told: dict[str, Any] = msgpack.unpackb(plain, strict_map_key=False)
    return told | ({"pages": list(pages(told["pages"]))} if "pages" in told else {})


def pages(told: list[list[Any]]) -> Iterator[list[Any]]:
    """Each may name keys by those of the largest before it."""
    known: list[int] = []
    for said in told:
        yield (read := page(said, known))
        numbers = {int(found[1]) for found in map(NUMBERED.fullmatch, read[4]) if found}
        known = sorted(numbers) if len(numbers) > len(known) else known


def page(said: list[Any], known: list[int]) -> list[Any]:
    """A page in plain values."""
    stream, epoch, seq, more, rows, gone, digest = [*said[:7], None][:7]
    if isinstance(stream, int):
        stream = STREAMS[stream] + (f"/{KIOSK}" if STREAMS[stream] in OWN_STREAMS else "")
    found, over = Table(rows, known).whole(), Table(gone, known).whole()
    by_key = {key(row): {name: v for name, v in row.items() if name not in {"@", "#"}} for row in found}
    return [stream, epoch, seq, more, by_key, [key(row) for row in over], digest]


def key(row: dict[str, Any]) -> str:
    return f"{row['@']}{row.get('#', '')}"


class Table:
    """Columns, read in order from bytes."""

    def __init__(self, data: bytes, known: Sequence[int] = ()) -> None:
        self.data, self.at, self.known = data, 0, known

    def whole(self) -> list[dict[str, Any]]:
        found = self.rows(self.number())
        assert self.at == len(self.data), "bytes are left over"
        return found

    def take(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        assert len(taken) == size, "bytes are missing"
        self.at += size
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    def signed(self) -> int:
        return unfolded(self.number())

    def rows(self, n: int) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [{} for _ in range(n)]
        patterns: list[list[int]] = []
        columns: list[list[Any]] = []
        for _ in range(self.number()):
            place = self.number()
            name = NAMES[place - 1] if place else self.take(self.number()).decode(errors="surrogatepass")
            columns.append(self.column(n, patterns, columns))
            for row, value in zip(rows, columns[-1], strict=True):
                if value is not ABSENT:
                    row[name] = value
        return rows

    def column(self, n: int, patterns: list[list[int]], before: Sequence[list[Any]] = ()) -> list[Any]:
        kind = self.byte()
        if kind == 22:
            return before[self.number()]
        if kind < 128:
            return self.values(n, kind)
        states = self.pattern(n, patterns)
        found = iter(self.values(states.count(0), kind - 128))
        return [next(found) if state == 0 else None if state == 2 else ABSENT for state in states]

    def pattern(self, n: int, patterns: list[list[int]]) -> list[int]:
        if self.data[self.at] in (32, 33):
            is_same, seen = self.byte() == 32, patterns[self.number()]
            return seen if is_same else [int(state == 0) for state in seen]
        patterns.append(self.numbers(n))
        return patterns[-1]

    def values(self, n: int, kind: int) -> list[Any]:
        if kind >= 64:
            size = self.number() if kind == 127 else kind - 64
            return [unpacked(self.take(size))] * n
        if kind < 5:
            return self.integers(n, kind)
        if kind < 10:
            width = self.byte()
            return [f"{value:0{width}}" for value in self.integers(n, kind - 5)]
        if kind == 10:
            return [bool(value) for value in self.numbers(n)]
        if kind in (11, 12):
            found = self.strings(n)
            return [value.decode(errors="surrogatepass") for value in found] if kind == 11 else found
        if kind == 13:
            return list(unpacked(self.packed()))
        if kind == 16:
            return self.among(n)
        if 17 <= kind < 22:
            return [value / 1_000_000 for value in self.integers(n, kind - 17)]
        return self.lists(n) if kind == 14 else self.records(n, kind)

    def among(self, n: int) -> list[int]:
        named = self.numbers(len(self.known))
        found = [number for number, is_here in zip(self.known, named, strict=True) if is_here]
        return sorted([*found, *self.integers(n - len(found), self.byte())]) if len(found) < n else found

    def lists(self, n: int) -> list[list[Any]]:
        lengths = self.numbers(n)
        items = iter(self.column(sum(lengths), []))
        return [[next(items) for _ in range(length)] for length in lengths]

    def records(self, n: int, kind: int) -> list[Any]:
        assert kind == 15, f"a column of kind {kind}"
        return self.rows(n)

    def integers(self, n: int, shape: int) -> list[int]:
        if shape == 0:
            return self.numbers(n)
        if shape == 1:
            return [unfolded(value) for value in self.numbers(n)]
        first = self.signed()
        if shape == 2:
            return [first + value for value in self.numbers(n)]
        least = self.signed() if shape == 4 else 0
        steps = self.numbers(n - 1)
        return [*accumulate([first, *(least + step if shape == 4 else unfolded(step) for step in steps)])]

    def numbers(self, n: int) -> list[int]:
        if not n:
            return []
        form = self.byte()
        if form >= 128:
            return self.counted(n, form >> 2 & 31, (1, 2, 8, 32)[form & 3])
        if form >= 64:
            return self.rice(n, form - 64)
        if form == 16:
            size = self.number()
            distinct = [*accumulate(self.numbers(size))]
            return [distinct[place] for place in self.numbers(n)]
        raw = self.packed()
        return self.varints(n, raw) if form == 0 else from_planes(n, form, raw)

    def varints(self, n: int, raw: bytes) -> list[int]:
        inner = Table(raw)
        return [inner.number() for _ in range(n)]

    def counted(self, n: int, low: int, increment: int) -> list[int]:
        symbols = self.number()
        high = range_decoded(self.take(self.number()), n, symbols, increment) if symbols > 1 else [0] * n
        bits = Bits(self.take((n * low + 7) // 8))
        return [value << low | bits.take(low) for value in high]

    def rice(self, n: int, k: int) -> list[int]:
        bits = Bits(self.data[self.at :])
        high = [bits.unary() for _ in range(n)]
        values = [value << k | bits.take(k) for value in high]
        self.take((bits.at + 7) // 8)
        return values

    def strings(self, n: int) -> list[bytes]:
        form = self.byte()
        if form != 2:
            return self.plain_strings(n, form)
        size = self.number()
        distinct = self.plain_strings(size, self.byte())
        return [distinct[place] for place in self.numbers(n)]

    def plain_strings(self, n: int, form: int) -> list[bytes]:
        if form == 0:
            return self.packed().split(b"\n")
        ends = [*accumulate(self.numbers(n))]
        joined = self.packed()
        return [joined[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def packed(self) -> bytes:
        codec, body = self.byte(), Table(self.take(self.number()))
        if codec == 0:
            return body.data
        size = body.number()
        packed = body.data[body.at :]
        if codec == 1:
            frame = zstandard.ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
            return frame.decompress(packed, max_output_size=size)
        if codec == 2:
            return bytes(brotli.decompress(packed))
        return bytes(pyppmd.Ppmd7Decoder(PPMD_ORDERS[codec], 1 << 24).decode(packed, size))


class Bits:
    """Bits from the highest of each byte on."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def bit(self) -> int:
        self.at += 1
        return self.data[self.at - 1 >> 3] >> 7 - (self.at - 1 & 7) & 1

    def take(self, size: int) -> int:
        value = 0
        for _ in range(size):
            value = value << 1 | self.bit()
        return value

    def unary(self) -> int:
        count = 0
        while self.bit():
            count += 1
        return count


def unfolded(value: int) -> int:
    return value >> 1 ^ -(value & 1)


def unpacked(data: bytes) -> Any:
    return msgpack.unpackb(
        data,
        strict_map_key=False,
        unicode_errors="surrogatepass",
        ext_hook=lambda _code, said: int.from_bytes(said, "big", signed=True),
    )


def from_planes(n: int, width: int, raw: bytes) -> list[int]:
    return [int.from_bytes(raw[place::n], "big") for place in range(n)] if len(raw) == n * width else []


def range_decoded(payload: bytes, n: int, symbols: int, increment: int) -> list[int]:
    """Symbols by their counts so far, which are looked at again after every eighth of what is known."""
    counts, values, span, at = [1] * symbols, list[int](), 1 << 48, 6
    payload += bytes(8 * n + 8)
    code, start = int.from_bytes(payload[:6], "big"), 0
    while start < n:
        stop = min(n, start + max(1, start // 8))
        below = [0, *accumulate(counts)]
        for _ in range(start, stop):
            step = span // below[-1]
            value = bisect_right(below, code // step) - 1
            code, span = code - below[value] * step, counts[value] * step
            values.append(value)
            while span < 1 << 40:
                code, span, at = code << 8 | payload[at], span << 8, at + 1
        for value in values[start:stop]:
            counts[value] += increment
        start = stop
    return values
