"""Digests of a stream's rows in parts, cut short, so that two sides find out which rows differ in two questions.

With n rows in √n buckets both questions are about equally long. Two bytes of a bucket's sum and three of a row's digest
are enough to look by: what they miss shows in the digest of the whole, and the next `tries` looks at others and parts
the rows otherwise. A sum is compared with one other, a row's digest with a bucket full.
Shapes: digests {key: [16]}.
"""

import hashlib
from collections import defaultdict
from math import isqrt

SHORT_BYTES = 3
SUM_BYTES = 2
BUCKETS_MAX = 256
_MODULUS = 1 << 128
Digests = dict[str, bytes]


def how_many(rows: int) -> int:
    """Into how many buckets to part so many rows."""
    return min(max(isqrt(rows), 1), BUCKETS_MAX)


def part(digests: Digests, count: int, tries: int) -> dict[int, Digests]:
    """The rows in their buckets, each with what is left of its digest [3]; empty buckets are left out."""
    buckets: dict[int, Digests] = defaultdict(dict)
    for key, digest in sorted(digests.items()):
        buckets[_bucket(key, count, tries)][key] = _cut(digest, tries, SHORT_BYTES)
    return buckets


def sums(digests: Digests, count: int, tries: int) -> bytes:
    """The digest of each bucket, one after the other. Shape: [count * 2]."""
    totals = [0] * count
    for key, digest in digests.items():
        totals[_bucket(key, count, tries)] += int.from_bytes(digest)
    return b"".join(_cut((total % _MODULUS).to_bytes(16), tries, SUM_BYTES) for total in totals)


def count_of(said: bytes) -> int:
    """Of how many buckets these are the sums; 0 for what are none."""
    count, rest = divmod(len(said), SUM_BYTES)
    return count if not rest and count <= BUCKETS_MAX else 0


def unlike(one: bytes, other: bytes) -> list[int]:
    """The numbers of the buckets whose sums differ."""
    return [n for n, (a, b) in enumerate(zip(_parts(one, SUM_BYTES), _parts(other, SUM_BYTES), strict=True)) if a != b]


def split(data: bytes) -> list[bytes]:
    """Digests of rows that were put one after the other."""
    return _parts(data, SHORT_BYTES)


def _parts(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


def _bucket(key: str, count: int, tries: int) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8, salt=bytes([tries])).digest()) % count


def _cut(digest: bytes, tries: int, size: int) -> bytes:
    return digest[size * tries :][:size]
