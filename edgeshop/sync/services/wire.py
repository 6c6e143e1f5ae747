"""How a contact is written: MessagePack, under zstd where that is smaller, with a stated maximum so that none can fill
a memory.

A kiosk's message is a list: version, link grade, digest of its words, what is new of them, which are gone, its facts.
What a newer release adds at the end is not looked at. The cloud's answer is a map of sections.
"""

import base64
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types
import zstandard

from edgeshop.fleet.classes import GRADES
from edgeshop.sync.errors import Malformed
from edgeshop.sync.services.words import Difference

PATH = "/sync"
VERSION = 2
_MESSAGE_BYTES_MAX = 64 * 2**20
_ZSTD = zstandard.MAGIC_NUMBER.to_bytes(4, "little")
_IN_ADDRESS_MAX = 360  # bytes; beyond that a body with its digest is smaller


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts of one epoch, packed: the number of the first, and the chain value [32] after the last."""

    epoch: int
    first: int
    head: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What a kiosk says. `digest` [8] is that of all its words after `news`; None without any."""

    grade: str
    digest: bytes | None
    news: Difference
    facts: Batch | None = None


def pack_message(message: Message) -> bytes:
    """A kiosk's message as bytes."""
    news, facts, grade = message.news, message.facts, GRADES.index(message.grade)
    return _packed([VERSION, grade, message.digest, news.changed, news.gone, facts and astuple(facts)])


def unpack_message(data: bytes) -> Message:
    """The message in `data`. Raises: Malformed."""
    said = _unpacked(data)
    if not isinstance(said, list) or len(said) < 6:
        raise Malformed("A contact message is a list of six.")
    version, grade, digest, changed, gone, facts = said[:6]
    if version != VERSION:
        raise Malformed("This form of contact is not known here; one side needs an upgrade.", v=str(version)[:20])
    is_fine = (
        grade in range(len(GRADES))
        and isinstance(digest, bytes | None)
        and _is_list(changed, _is_word)
        and (gone is None or _is_list(gone, lambda at: isinstance(at, int | str)))
        and (facts is None or _is_batch(facts))
    )
    if not is_fine:
        raise Malformed("A part of this contact message is of another form.")
    news = Difference([(at, value) for at, value in changed], gone)
    return Message(GRADES[grade], digest, news, None if facts is None else Batch(*facts))


def _is_list(said: object, is_fine: Callable[[Any], bool]) -> bool:
    return isinstance(said, list) and all(map(is_fine, said))


def _is_batch(said: object) -> bool:
    match said:
        case [int(), int(), bytes(), bytes()]:
            return True
    return False


def _is_word(said: object) -> bool:
    match said:
        case [int() | str(), bytes()]:
            return True
    return False


def is_facts_only(data: bytes) -> bool:
    """Whether a message brings facts and asks for nothing: those are the same whenever and however often they come."""
    try:
        message = unpack_message(data)
    except Malformed:
        return False
    return message.digest is None and message.facts is not None


def pack_answer(sections: dict[str, Any]) -> bytes:
    """The cloud's sections as bytes."""
    return _packed(sections)


def unpack_answer(data: bytes) -> dict[str, Any]:
    """The sections in `data`. Raises: Malformed."""
    said = _unpacked(data)
    if not isinstance(said, dict):
        raise Malformed("A contact's answer is a map of sections.")
    return said


def to_address(path: str, data: bytes) -> tuple[str, bytes]:
    """Where to send a message, and with which body: a small one is part of the address."""
    if len(data) > _IN_ADDRESS_MAX:
        return path, data
    return f"{path}?{base64.urlsafe_b64encode(data).decode().rstrip('=')}", b""


def from_address(query: str, body: bytes) -> bytes:
    """The message, wherever it was. Raises: Malformed."""
    if body:
        return body
    try:
        return base64.b64decode(query + "=" * (-len(query) % 4), altchars=b"-_", validate=True)
    except ValueError as odd:
        raise Malformed("This is not a contact message.") from odd


def _packed(value: object) -> bytes:
    plain: bytes = msgpack.packb(value)
    return min(plain, zstandard.ZstdCompressor(level=19).compress(plain), key=len)


def _unpacked(data: bytes) -> Any:
    try:
        return msgpack.unpackb(_inflated(data), strict_map_key=False)
    except (zstandard.ZstdError, ValueError, TypeError, msgpack.UnpackException) as error:
        raise Malformed("This is not a contact message.") from error


def _inflated(data: bytes) -> bytes:
    """The bytes inside. The decompressor trusts a frame that states its size, so that is looked at first."""
    if data[:4] != _ZSTD:
        return data
    if zstandard.frame_content_size(data) > _MESSAGE_BYTES_MAX:
        raise Malformed("This contact message is too large.", bytes_max=_MESSAGE_BYTES_MAX)
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=_MESSAGE_BYTES_MAX)
