"""A stream made for tests: what the cloud has of it, what the kiosk has, and the source that carries it down."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from edgeshop.journal import registry
from edgeshop.journal.services import changes

STREAM = "test"


class Rows:
    """Rows of both sides by their keys. `put` and `apply` are what services of an app would do."""

    def __init__(self, *, with_digests: bool = True) -> None:
        self.above: dict[str, Any] = {}
        self.below: dict[str, Any] = {}
        self._keys = (lambda _stream: list(self.here())) if with_digests else None

    def source(self) -> registry.Source:
        """What an app would register."""
        return registry.Source(self.collect, self.apply, keys=self._keys)

    def here(self) -> dict[str, Any]:
        """The rows of the node that this runs on."""
        return self.above if settings.EDGESHOP.is_ledger else self.below

    def put(self, **values: Any) -> None:
        """On the cloud: change rows; None takes one away."""
        for key, value in values.items():
            if value is None:
                self.above.pop(key, None)
            else:
                self.above[key] = value
        changes(STREAM, *values)

    def collect(self, _stream: str, keys: Sequence[str]) -> list[registry.Row]:
        """The rows with these keys, as they are now."""
        here = self.here()
        return [{"key": key, "unit": here[key]} for key in keys if key in here]

    def apply(self, _stream: str, rows: list[registry.Row], gone: list[str]) -> None:
        """On the kiosk: take a page."""
        self.below |= {row["key"]: row["unit"] for row in rows}
        for key in gone:
            self.below.pop(key, None)
