"""How kiosks get their table: a stream says that there is a new one, a signed artefact brings it."""

import logging
from collections.abc import Sequence
from pathlib import Path

from edgeshop.journal import registry
from edgeshop.journal.registry import Row, Source
from edgeshop.kernel import events
from edgeshop.recommend.errors import TableMalformed
from edgeshop.recommend.services import current_table, install, rebuild
from edgeshop.recommend.services.store import TARGET
from edgeshop.vault.services import artefacts

log = logging.getLogger(__name__)


def register() -> None:
    """Called once, when the apps are ready."""
    registry.source("models", Source(_collect, _apply))  # a signed artefact vouches for itself
    artefacts.receive("model", path=TARGET, take=_take, comes_by_itself=True, rebuild=_rebuild)


def _collect(_stream: str, keys: Sequence[str]) -> list[Row]:
    table = current_table()
    return [{"key": key, "version": table.model_version} for key in keys] if table else []


def _apply(_stream: str, rows: list[Row], _gone: list[str]) -> None:
    """A word that something is new, no more: what ranks here is what our keys have signed."""
    if rows:
        artefacts.nudge(artefacts.trusted_home())


def _take(file: Path) -> None:
    """A table that this release cannot read is passed over: asking for the same bytes again would not help."""
    try:
        version = install(file.read_bytes())
    except TableMalformed as error:
        log.warning("the cloud sent a table that cannot be used, the one before stays: %s", error.fields["reason"])
    else:
        events.publish("catalogue.changed", model_version=version)


def _rebuild(delta: Path) -> bytes:
    return rebuild(delta.read_bytes())
