"""Bringing artefacts to where they are used: ask when it is due, fetch what is new, hand it over, remember it."""

import hashlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError, NotFound
from edgeshop.vault.services.artefacts.receivers import Receiver, delta_path, receiver_of, receivers
from edgeshop.vault.services.artefacts.record import has_root, note_verified, read_record, write_record
from edgeshop.vault.services.durable_file import make_folder

if TYPE_CHECKING:
    from edgeshop.vault.services.artefacts.client import Client, Found

log = logging.getLogger(__name__)
EVERY_S = 6 * 3600.0  # an idle poll costs a few hundred bytes; a timestamp lives three days
RETRY_S = 15.0  # after something went wrong, though the cloud answers otherwise
_NUDGE = "nudged"


def nudge(home: Path) -> None:
    """Remember, over any crash, that there is something new to ask for."""
    make_folder(home)
    (home / _NUDGE).touch()


def bring(client: "Client", home: Path, *, force: bool = False) -> list[str]:
    """Take what is new of everything that comes by itself; answers the names. Does nothing when it is not due.

    Raises nothing for what is unreachable or refused: the record says so, and what was verified before runs on.
    """
    if not has_root(home) or not (force or _is_due(home)):
        return []
    came: list[str] = []
    problem = ""
    good_until_s = 0.0
    try:
        good_until_s = client.refresh()
        came = [r.name for r in receivers() if r.comes_by_itself and _take(client, home, r)]
        (home / _NUDGE).unlink(missing_ok=True)
    except EdgeShopError as error:
        problem = error.code
        _log_change(home, error)
    _note_try(home, problem, good_until_s)
    return came


def fetch(client: "Client", home: Path, name: str) -> bool:
    """Take one artefact now; False when the newest is here already.

    Raises: InvalidInput, NotFound, ClockBehind, ArtefactsUnreachable, ArtefactRefused.
    """
    receiver = receiver_of(name)
    client.refresh()
    if client.find(receiver.path) is None:
        raise NotFound("Nothing is published under this name yet.", name=name)
    return _take(client, home, receiver)


def _take(client: "Client", home: Path, receiver: Receiver) -> bool:
    found = client.find(receiver.path)
    before: str = read_record(home).verified.get(receiver.name, {}).get("sha256", "")
    if found is None or before == found.sha256:
        return False
    file = _rebuilt(client, receiver, found, before) or client.download(found)
    try:
        receiver.take(file)
    finally:
        file.unlink(missing_ok=True)
    note_verified(home, receiver.name, path=found.path, sha256=found.sha256, version=found.version)
    log.info("artefact %s is %s, version %d", receiver.name, found.sha256[:12], found.version)
    return True


def _rebuilt(client: "Client", receiver: Receiver, found: "Found", before: str) -> Path | None:
    """The new file, made of the one before and a signed delta; None when the whole file must come.

    What comes out is what our keys signed as the whole file, or it is not used.
    """
    delta = client.find(delta_path(found.path, before)) if receiver.rebuild and before else None
    if receiver.rebuild is None or delta is None:
        return None
    try:
        file = client.download(delta)
        data = receiver.rebuild(file)
    except EdgeShopError as error:
        log.warning("artefact %s: no use in the delta (%s %s), the whole file", receiver.name, error.code, error.fields)
        return None
    if hashlib.sha256(data).hexdigest() != found.sha256:
        log.warning("artefact %s: the delta leads elsewhere, the whole file", receiver.name)
        file.unlink()
        return None
    file.write_bytes(data)
    return file


def _is_due(home: Path) -> bool:
    record = read_record(home)
    age_s = abs(clock.timestamp() - record.tried_s)  # a clock that was set back must not put it off
    if record.problem:
        return age_s >= RETRY_S
    return age_s >= EVERY_S or (home / _NUDGE).exists()


def _note_try(home: Path, problem: str, good_until_s: float) -> None:
    now_s = clock.timestamp()
    record = replace(read_record(home), tried_s=now_s, problem=problem)
    write_record(home, record if problem else replace(record, checked_s=now_s, good_until_s=good_until_s))


def _log_change(home: Path, error: EdgeShopError) -> None:
    if read_record(home).problem != error.code:
        log.warning("artefacts: %s %s; what was verified before stays in use", error.code, error.fields)
