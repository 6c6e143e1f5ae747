"""What recommendation registers with the journal: the stream that brings kiosks their table."""

import logging
from collections.abc import Sequence

from edgeshop.journal import registry
from edgeshop.journal.registry import Row
from edgeshop.kernel import events
from edgeshop.recommend.errors import TableMalformed
from edgeshop.recommend.services import current_table, install

log = logging.getLogger(__name__)


def register() -> None:
    """Called once, when the apps are ready."""
    registry.source("models", _collect, _apply)


def _collect(_stream: str, keys: Sequence[str]) -> list[Row]:
    table = current_table()
    return [{"key": key, "table": table.to_bytes()} for key in keys] if table else []


def _apply(_stream: str, rows: list[Row], _gone: list[str]) -> None:
    """A table that this release cannot read is passed over: asking for the same bytes again would not help."""
    for row in rows:
        try:
            version = install(row["table"])
        except TableMalformed as error:
            log.warning("the cloud sent a table that cannot be used, the one before stays: %s", error.fields["reason"])
        else:
            events.publish("catalogue.changed", model_version=version)
