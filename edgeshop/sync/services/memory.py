"""On the cloud: the words of each device, kept from one contact to the next."""

from typing import Any

import msgpack  # type: ignore[import-untyped]  # -- ships no types

from edgeshop.sync.errors import Forgotten, Malformed
from edgeshop.sync.models import Remembered
from edgeshop.sync.services.wire import Message
from edgeshop.sync.services.words import Words, digest, merged, to_sections


def recall(device_id: int, message: Message) -> dict[str, Any]:
    """The sections that a message stands for, with what its device has said before.

    Raises: Forgotten when the message speaks of other words than we remember; Malformed. Effect: its words are kept.
    """
    if message.digest is None:
        return {}
    known = _known(device_id)
    try:
        words = merged(known, message.news)
    except LookupError:
        words = {}
    if digest(words) != message.digest:
        raise Forgotten("We remember other words than you do; say all of them.")
    if words != known:
        _keep(device_id, words)
    try:
        return to_sections(words)
    except (ValueError, msgpack.UnpackException) as odd:
        raise Malformed("A word of this message cannot be read.") from odd


def last_said(row: Remembered, name: str) -> Any:
    """One section of what a device said last, as it said it; None when it did not."""
    packed = msgpack.unpackb(bytes(row.words)).get(name)
    return None if packed is None else msgpack.unpackb(packed, strict_map_key=False)


def _keep(device_id: int, words: Words) -> None:
    packed = msgpack.packb(words)
    if not Remembered.objects.filter(device=device_id).update(words=packed):
        Remembered.objects.update_or_create(device_id=device_id, defaults={"words": packed})


def _known(device_id: int) -> Words:
    kept = Remembered.objects.filter(device=device_id).first()
    return {} if kept is None else msgpack.unpackb(bytes(kept.words))
