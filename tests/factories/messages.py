"""Contact messages, as a kiosk would write them that has never spoken before."""

from typing import Any

from edgeshop.journal.registry import Writer
from edgeshop.journal.services import pack_facts
from edgeshop.sync.services import names
from edgeshop.sync.services.wire import Batch, Message, pack_message
from edgeshop.sync.services.words import digest, to_words, whole
from tests.factories.fleet import KIOSK


def message(facts: dict[str, Any] | None = None, **sections: Any) -> bytes:
    """The bytes of a message with these sections; with facts alone it is one that may come at any age."""
    words = to_words(sections)
    is_late = facts is not None and not sections
    batch = None if facts is None else to_batch(**facts)
    return pack_message(Message("B", None if is_late else digest(words), whole(words), batch))


def to_batch(*, epoch: int, first: int, head: bytes, kinds: list[str], bodies: list[bytes]) -> Batch:
    """Facts as a kiosk packs them."""
    facts = list(zip(kinds, bodies, strict=True))
    return Batch(epoch, first, head, pack_facts(facts, writer=Writer(KIOSK, epoch), names=names.FACTS))
