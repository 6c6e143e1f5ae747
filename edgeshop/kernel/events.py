"""Events for open screens: a nudge to look again, never the truth itself. The roof binds them to Channels."""

from collections.abc import Callable
from typing import Any

Publisher = Callable[[str, dict[str, Any]], None]
_publisher: Publisher | None = None


def bind(publisher: Publisher) -> None:
    """Say what carries events in this process; called once, by the roof."""
    global _publisher
    _publisher = publisher


def publish(kind: str, **payload: Any) -> None:
    """Tell open screens that something of `kind` changed. Call it from `transaction.on_commit`."""
    if _publisher is not None:
        _publisher(kind, payload)
