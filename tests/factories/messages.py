"""Contact messages, as a kiosk would write them that has never spoken before."""

from typing import Any

from edgeshop.sync.services.wire import Message, pack_message
from edgeshop.sync.services.words import digest, to_words, whole


def message(facts: dict[str, Any] | None = None, **sections: Any) -> bytes:
    """The bytes of a message with these sections; with facts alone it is one that may come at any age."""
    words = to_words(sections)
    is_late = facts is not None and not sections
    return pack_message(Message("B", None if is_late else digest(words), whole(words), facts))
