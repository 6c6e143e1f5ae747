"""What a run of contacts moved, by stream and grade: what the sockets counted, shared among the parts of a message.

A message is compressed as a whole, so its bytes are shared by the sizes that its parts had before. Everything else,
which is headers, signatures, addresses and whatever had to be said twice, is the contact's own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types

from edgeshop.kernel.traffic import counted
from edgeshop.sync.services import grading
from edgeshop.sync.services.names import STREAMS
from edgeshop.sync.services.wire import Message

CONTACT, FACTS, UPKEEP = "contact", "facts", "upkeep"
BUNDLES, ARTEFACTS, PICTURES = "bundles", "artefacts", "pictures"  # downloads
_FRAME_BYTES = 14  # of a message around its parts: version, grade, digest
Sizes = Mapping[str, int]


@dataclass(slots=True)
class Flow:
    """Bytes up and down."""

    up_bytes: int = 0
    down_bytes: int = 0


@dataclass(slots=True)
class Parts:
    """What a message consists of. `up_bytes` and `down_bytes` are those of the messages as they travel."""

    up: Sizes = field(default_factory=dict)
    down: Sizes = field(default_factory=dict)
    up_bytes: int = 0
    down_bytes: int = 0


@dataclass(slots=True)
class Account:
    """Bytes of one run. `flows` by stream and grade."""

    flows: dict[tuple[str, str], Flow] = field(default_factory=dict)

    def add(self, stream: str, grade: str, *, up: int = 0, down: int = 0) -> None:
        """Some more bytes of a stream."""
        flow = self.flows.setdefault((stream, grade), Flow())
        flow.up_bytes += up
        flow.down_bytes += down

    @contextmanager
    def contact(self, grade: str) -> Iterator[Parts]:
        """Count one exchange; who makes it fills in the parts."""
        parts = Parts()
        with counted() as moved:
            try:
                yield parts
            finally:
                grading.note(moved)
                for stream, up in _split(moved.up_bytes, parts.up_bytes, parts.up).items():
                    self.add(stream, grade, up=up)
                for stream, down in _split(moved.down_bytes, parts.down_bytes, parts.down).items():
                    self.add(stream, grade, down=down)


def _split(moved: int, message: int, sizes: Sizes) -> dict[str, int]:
    of_parts = shares(min(message, moved), {CONTACT: _FRAME_BYTES, **sizes})
    return of_parts | {CONTACT: of_parts[CONTACT] + moved - min(message, moved)}


def shares(total: int, sizes: Sizes) -> dict[str, int]:
    """`total` by these sizes, in whole numbers that add up to it; the first part gets what is left of rounding."""
    whole = max(sum(sizes.values()), 1)
    parts = {name: total * size // whole for name, size in sizes.items()}
    first = next(iter(parts))
    return parts | {first: parts[first] + total - sum(parts.values())}


def sizes_up(message: Message) -> Sizes:
    """The parts of a kiosk's message. Units: bytes before compression."""
    upkeep = sum(len(value) + len(str(at)) for at, value in message.news.changed)
    return _present({FACTS: len(message.facts.packed) if message.facts else 0, UPKEEP: upkeep})


def sizes_down(sections: Mapping[str, Any]) -> Sizes:
    """The parts of the cloud's answer. Units: bytes before compression."""
    sizes = {FACTS: 0, UPKEEP: 0}
    for name, said in sections.items():
        if name == "pages":
            for page in said:
                stream = _stream_of(page[0])
                sizes[stream] = sizes.get(stream, 0) + len(msgpack.packb(page))
        else:
            sizes[FACTS if name == "facts" else UPKEEP] += len(msgpack.packb(said))
    return _present(sizes)


def _stream_of(said: int | str) -> str:
    return STREAMS[said] if isinstance(said, int) else said.partition("/")[0]


def _present(sizes: Sizes) -> Sizes:
    return {name: size for name, size in sizes.items() if size}
