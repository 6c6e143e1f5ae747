"""Where apps register what their facts do and what their changes carry, so that nothing down here imports them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from edgeshop.kernel.facts import Fact

Row = dict[str, Any]
SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fact: `settled`, `review` (with reasons), `kept` (kind unknown here) or `quarantined`."""

    status: str = SETTLED
    reasons: list[str] = field(default_factory=list)


Handler = Callable[[Fact, dict[str, Any]], Outcome]
Settled = Callable[[list[dict[str, Any]]], None]
Collect = Callable[[str, Sequence[str]], list[Row]]
Apply = Callable[[str, list[Row], list[str]], None]
Divide = Callable[[Row, str], dict[str, Row]]
Fill = Callable[[list[Row]], None]
Keys = Callable[[str], Iterable[str]]
Audience = Callable[[Row], int]
Beside = Mapping[str, Sequence[Row]]
EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One down stream: `collect(stream, keys)` on the cloud, `apply(stream, rows, gone)` on the kiosk.

    `divide(row, language)` cuts a row of a large stream into the group `core`, which is enough to sell by in a shop of
    that language, and others that may come later; `fill(rows)` adds those on the kiosk where nothing newer is known.
    With `keys(stream)`, all that are held here, both sides keep digests of what they collect and repair what differs;
    without, something else vouches for the stream. `audience(row)`: the shop that a row is for, 0 for all of them.
    `repair` is `apply` for rows that are wrong here: they become exactly what they are on the cloud.
    `collapse(rows, since)` may leave out of a page what a later row makes needless for a reader whose life began then.
    `digests(rows)` are the digests [16] of rows that may stand for others here, too.
    `values`: what a whole row counts for the limit of an answer, from 1 for a number to 8 for a row with texts.
    """

    collect: Collect
    apply: Apply
    divide: Divide | None = None
    fill: Fill | None = None
    keys: Keys | None = None
    audience: Audience = lambda _row: EVERYBODY
    repair: Apply | None = None
    collapse: Callable[[list[Row], datetime | None], list[Row]] | None = None
    digests: Callable[[list[Row]], list[bytes]] | None = None
    values: int = 8


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose journal a fact is from: what a short form may leave out, because both ends know it."""

    device_id: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Shorthand:
    """How facts of one kind travel. `shorten` and `expand` are each other's inverse where that saves anything.

    `Beside` are the bodies of the batch's other facts, by kind, of those kinds whose short forms were registered
    before. Where a short form says `at`, what travels is how much later that is than in the one before.
    Shapes: bodies [n] without their kind, shorts [n]. `expand` gets what strangers sent: it may raise anything.
    """

    shorten: Callable[[list[Row], Writer, Beside], list[Row]]
    expand: Callable[[list[Row], Writer, Beside], list[Row]]


SHORT = "~"  # before the kind, where a fact travels in its short form
_handlers: dict[str, Handler] = {}
_settled: dict[str, Settled] = {}
_shorthands: dict[str, Shorthand] = {}
_sources: dict[str, Source] = {}


def apply_fact(kind: str, handler: Handler) -> None:
    """Say what the cloud does with facts of `kind`. The handler gets the fact and its parsed body."""
    _handlers[kind] = handler


def handler_of(kind: str) -> Handler | None:
    """The handler of a kind, or None for one that this release does not know."""
    return _handlers.get(kind)


def shorthand(kind: str, hand: Shorthand) -> None:
    """Say how facts of `kind` travel in fewer bytes."""
    _shorthands[kind] = hand


def shorthands() -> dict[str, Shorthand]:
    """The short forms by kind, in the order of registration."""
    return dict(_shorthands)


def when_settled(kind: str, handler: Settled) -> None:
    """Say what a kiosk does once the cloud has settled facts of `kind`. The handler gets their parsed bodies, in the
    transaction of the acknowledgement, and may get them again."""
    _settled[kind] = handler


def settled_handlers() -> dict[str, Settled]:
    """What a kiosk does, by kind."""
    return dict(_settled)


def known_kinds() -> list[str]:
    """All kinds of facts that this release can apply."""
    return list(_handlers)


def source(prefix: str, source: Source) -> None:
    """Say what a stream carries. `prefix` is the part of its name before any slash. Rows carry their key as `key`."""
    _sources[prefix] = source


def source_of(stream: str) -> Source | None:
    """The source of a stream by its name."""
    return _sources.get(stream.partition("/")[0])


def prefixes() -> list[str]:
    """All registered stream prefixes, in the order of registration."""
    return list(_sources)
