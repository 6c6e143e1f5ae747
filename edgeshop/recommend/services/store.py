"""The tables installed on this node: the one in use and the one before it, two files under the state folder.

A reader always finds a whole file: a new one is written beside, forced to disk and renamed over the old. Should the
disk hand back damaged bytes all the same, the table before it serves on.
"""

import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from edgeshop.kernel.errors import NotFound
from edgeshop.recommend.errors import TableMalformed
from edgeshop.recommend.services.table import Table

log = logging.getLogger(__name__)
STREAM = "models"  # where kiosks hear that there is something new
TARGET = "models/table.esfn"  # what the table is called among the signed artefacts
CURRENT, PREVIOUS = "current.esfn", "previous.esfn"
_writing = threading.Lock()  # of two installs in one process; two processes only race for who comes last


@dataclass(frozen=True, slots=True)
class Mark:
    """Tells one installed file from any other without reading it."""

    inode: int
    written_ns: int
    size_bytes: int


def folder() -> Path:
    """Where the tables of this node are."""
    return Path(settings.EDGESHOP.state_dir) / "models"


def install(data: bytes) -> int:
    """Put a table in use and answer its model version; installing what is in use already changes nothing.

    Raises: TableMalformed, and the table in use stays. Effect: the table in use until now becomes the previous one.
    """
    version = Table.from_bytes(data).model_version
    home = folder()
    with _writing:
        home.mkdir(parents=True, exist_ok=True)
        current = home / CURRENT
        if current.exists() and current.read_bytes() == data:
            return version
        if current.exists():
            _link_over(current, home / PREVIOUS)
        _write_over(current, data)
    return version


def installed() -> bytes:
    """The file in use, as it is. Raises: NotFound while there is none."""
    try:
        return (folder() / CURRENT).read_bytes()
    except FileNotFoundError:
        raise NotFound("No table is installed here yet.") from None


def current() -> Table | None:
    """The table in use; the previous one where that is damaged, None where there is none."""
    for name in (CURRENT, PREVIOUS):
        try:
            return Table.from_bytes((folder() / name).read_bytes())
        except FileNotFoundError:
            continue
        except TableMalformed as error:
            log.warning("the installed table %s is damaged: %s", name, error.fields["reason"])
    return None


def mark(name: str = CURRENT) -> Mark | None:
    """The mark of the file in use; None when there is none."""
    try:
        found = (folder() / name).stat()
    except FileNotFoundError:
        return None
    return Mark(found.st_ino, found.st_mtime_ns, found.st_size)


def _write_over(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def _link_over(path: Path, other: Path) -> None:
    """`other` becomes a second name of the file at `path`, which never goes missing meanwhile."""
    beside = other.with_name(f"{other.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    os.link(path, beside)
    beside.replace(other)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
