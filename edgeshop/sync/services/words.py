"""What a kiosk says in every contact, as words: named values of which only those travel that are new to the cloud.

Both sides keep the words of the last contact. A message carries the difference and a digest of the whole, so that a
cloud that remembers something else notices and asks for everything. Shapes: a word is a path such as `grants.last` and
its value in MessagePack; a section that is a map has one word for each of its keys.
"""

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types

Words = dict[str, bytes]
DIGEST_BYTES = 8  # against mistakes, not attackers: the message is signed


@dataclass(frozen=True, slots=True)
class Difference:
    """From the words the other side knows to these: `changed` and `gone` by place in their order or by name.

    `gone` is None for words that stand alone: whatever was known before is forgotten.
    """

    changed: list[tuple[int | str, bytes]]
    gone: list[int | str] | None


def to_words(sections: Mapping[str, Any]) -> Words:
    """Sections, taken apart."""
    words: Words = {}
    for name, said in sections.items():
        parts = {f"{name}.{key}": value for key, value in said.items()} if _is_split(said) else {name: said}
        words |= {path: msgpack.packb(value) for path, value in parts.items()}
    return words


def _is_split(said: object) -> bool:
    return isinstance(said, dict) and bool(said) and all(isinstance(key, str) for key in said)


def to_sections(words: Words) -> dict[str, Any]:
    """Words, put together again. Raises: ValueError for values that are no MessagePack."""
    sections: dict[str, Any] = {}
    for path, packed in words.items():
        name, is_part, key = path.partition(".")
        value = msgpack.unpackb(packed, strict_map_key=False)
        if not is_part:
            sections[name] = value
        elif isinstance(sections.setdefault(name, {}), dict):
            sections[name][key] = value
    return sections


def digest(words: Words) -> bytes:
    """Words in a few bytes. Shape: [8]."""
    return hashlib.sha256(msgpack.packb(sorted(words.items()))).digest()[:DIGEST_BYTES]


def difference(known: Words, words: Words) -> Difference:
    """What to say so that who knows `known` knows `words`."""
    places = {path: place for place, path in enumerate(sorted(known))}
    changed = [(places.get(path, path), value) for path, value in words.items() if known.get(path) != value]
    return Difference(changed, [place for path, place in places.items() if path not in words])


def whole(words: Words) -> Difference:
    """What to say to somebody who may know anything."""
    return Difference(list(words.items()), None)


def difference_in_doubt(sure: Words, unsure: Set[str], words: Words) -> Difference:
    """What to say so that who knows `sure`, and perhaps words of the names `unsure`, knows `words`.

    Whose names are not sure has them in another order: nothing is told by its place then.
    """
    if not unsure:
        return difference(sure, words)
    changed = [(path, value) for path, value in words.items() if sure.get(path) != value]
    return Difference([*changed], sorted((sure.keys() | unsure) - words.keys()))


def doubted(sure: Words, unsure: Set[str], words: Words) -> tuple[Words, frozenset[str]]:
    """What the other side knows for sure, and the names of what else it may know, once it may have heard `words`."""
    agreed = {path: value for path, value in sure.items() if words.get(path) == value}
    return agreed, frozenset((sure.keys() | unsure | words.keys()) - agreed.keys())


def merged(known: Words, news: Difference) -> Words:
    """The words after the difference. Raises: LookupError for places that are not there."""
    paths = sorted(known)
    words = {} if news.gone is None else dict(known)
    for place in news.gone or []:
        words.pop(paths[place] if isinstance(place, int) else place, None)
    return words | {paths[at] if isinstance(at, int) else at: value for at, value in news.changed}
