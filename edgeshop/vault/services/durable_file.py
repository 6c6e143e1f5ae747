"""Small private files that are either there completely or not at all, whenever the plug is pulled."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make_folder(path: Path) -> None:
    """A folder for our user only."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def alone_in(path: Path) -> Iterator[None]:
    """While held, no other process or thread that asks is at work in this folder, which is made if it is missing.

    Not reentrant: asking again while holding it waits for ever.
    """
    make_folder(path)
    folder = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def write_durably(path: Path, data: bytes) -> None:
    """Put `data` at `path`, mode 0600: written beside, flushed, renamed, and the rename flushed too."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)  # left over from a crash of a process with our number
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    flush_folder(path.parent)


def flush_folder(path: Path) -> None:
    """Make renames and new names in a folder survive a power cut."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
