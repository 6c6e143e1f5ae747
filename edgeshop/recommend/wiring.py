"""How kiosks get what ranks there: a stream says that there is something new, signed artefacts bring it."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from edgeshop.journal import registry
from edgeshop.journal.registry import Row, Source
from edgeshop.kernel import events
from edgeshop.recommend.errors import ArraysMalformed, TableMalformed
from edgeshop.recommend.services import arrays, current_table, install, rebuild
from edgeshop.recommend.services.arrays import installed
from edgeshop.recommend.services.store import STREAM, TARGET
from edgeshop.vault.services import artefacts

log = logging.getLogger(__name__)
TABLE = "table"


def register() -> None:
    """Called once, when the apps are ready."""
    registry.source(STREAM, Source(_collect, _apply))  # a signed artefact vouches for itself
    _receive("model", TARGET, _use_table, rebuild)
    for name in arrays.NAMES:
        _receive(name, arrays.target(name), partial(installed.install, name), partial(installed.rebuild, name))


def _receive(name: str, path: str, use: Callable[[bytes], None], rebuilt: Callable[[bytes], bytes]) -> None:
    artefacts.receive(
        name,
        path=path,
        take=lambda file: _take(name, use, file),
        comes_by_itself=True,
        rebuild=lambda delta: rebuilt(delta.read_bytes()),
    )


def _collect(_stream: str, keys: Sequence[str]) -> list[Row]:
    """The table with its version, any other artefact by its name alone: it is the word that counts."""
    table = current_table() if TABLE in keys else None
    rows: list[Row] = [{"key": TABLE, "version": table.model_version}] if table else []
    return rows + [{"key": name} for name in keys if name in arrays.NAMES]


def _apply(_stream: str, rows: list[Row], _gone: list[str]) -> None:
    """A word that something is new, no more: what ranks here is what our keys have signed."""
    if rows:
        artefacts.nudge(artefacts.trusted_home())


def _take(name: str, use: Callable[[bytes], None], file: Path) -> None:
    """What this release cannot read is passed over: asking for the same bytes again would not help."""
    try:
        use(file.read_bytes())
    except (ArraysMalformed, TableMalformed) as error:
        reason = error.fields["reason"]
        log.warning("the cloud sent a %s that cannot be used, the one before stays: %s", name, reason)


def _use_table(data: bytes) -> None:
    events.publish("catalogue.changed", model_version=install(data))
