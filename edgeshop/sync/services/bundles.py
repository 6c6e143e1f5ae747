"""On the cloud: what a new kiosk needs as a few immutable files, named by their contents, the one that sells first.

A file is a list of packed pages. What is the same for many kiosks is packed once; a kiosk's own stock is added.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types
from django.conf import settings

from edgeshop.fleet.models import Kiosk
from edgeshop.journal.models import Stream
from edgeshop.journal.registry import Row, source_of
from edgeshop.journal.services import Page, size_of, snapshot, streams_named
from edgeshop.sync.services.bundle_files import folder, keep, part_named, read, use
from edgeshop.sync.services.feed import pack_page
from edgeshop.sync.services.names import OWN_STREAMS

CORE = "core"
SHARED, OWN = ("catalogue", "prices"), ("stock",)
_PAGES_MAX = 2


@dataclass(frozen=True, slots=True)
class Bundle:
    """One file. `name` is the SHA-256 of its bytes in hex. Units: `size` in bytes."""

    group: str
    name: str
    size: int


def streams_of(kiosk_id: int) -> list[str]:
    """The streams that come in bundles to a kiosk that has nothing yet."""
    return [f"{name}/{kiosk_id}" if name in OWN_STREAMS else name for name in (*SHARED, *OWN)]


def is_divided(stream: str) -> bool:
    """Whether a part of this stream comes in other files than `core`."""
    source = source_of(stream)
    return source is not None and source.divide is not None


def is_worth_it() -> bool:
    """Whether there is more than a few pages should carry: those come whole, and every screen is told once."""
    return size_of(SHARED[0]) > _PAGES_MAX * settings.EDGESHOP.sync.page_rows_max


def offer(kiosk: Kiosk, *, has_core: bool = False) -> list[Bundle]:
    """The files for a kiosk that has nothing yet, or only `core`, in the order in which it should fetch them."""
    language = kiosk.shop.default_language
    groups: dict[str, list[bytes]] = defaultdict(list)
    for state in _states(kiosk):
        for group, packed in _parts(state, kiosk, language).items():
            groups[group].append(packed)
    wanted = groups.keys() - ({CORE} if has_core else set())
    order = sorted(wanted, key=lambda group: (group != CORE, "-" in group, group))
    return [_write(group, b"".join(groups[group])) for group in order]


def _states(kiosk: Kiosk) -> list[Stream]:
    names = streams_of(kiosk.pk)
    found = streams_named(names)
    return [found[name] for name in names if name in found]


def _parts(state: Stream, kiosk: Kiosk, language: str) -> dict[str, bytes]:
    """A stream as packed pages by group, made once for each of its numbers."""
    name = f"{state.name.replace('/', '-')}-{{}}-{{}}-{kiosk.shop_id}-{language}"
    packed = read(part_named(name.format(state.epoch, state.seq)))
    if packed is None:
        page = snapshot(state.name, life=kiosk.epoch, audience=kiosk.shop_id)
        if page is None:
            return {}
        packed = msgpack.packb({group: _packed(part) for group, part in _divided(page, language).items()})
        keep(part_named(name.format(page.epoch, page.seq)), packed)
    parts: dict[str, bytes] = msgpack.unpackb(packed)
    return parts


def _packed(page: Page) -> bytes:
    data: bytes = msgpack.packb(pack_page(page))
    return data


def _divided(page: Page, language: str) -> dict[str, Page]:
    source = source_of(page.stream)
    if source is None or source.divide is None:
        return {CORE: page}
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in page.rows:
        for group, part in source.divide(row, language).items():
            groups[group].append(part)
    return {group: replace(page, rows=rows, gone=[]) for group, rows in groups.items()}


def _write(group: str, data: bytes) -> Bundle:
    name = hashlib.sha256(data).hexdigest()
    if not use(folder() / name):
        keep(folder() / name, data)
    return Bundle(group, name, len(data))


def unpack_bundle(data: bytes) -> list[list[Any]]:
    """The packed pages of a file."""
    unpacker = msgpack.Unpacker(max_buffer_size=len(data), strict_map_key=False)
    unpacker.feed(data)
    return list(unpacker)
