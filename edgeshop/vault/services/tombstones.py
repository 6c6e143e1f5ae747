"""The list of the erased, beside the database and outside every backup: a copy from before must not bring anyone back.

One random id a line, appended and flushed before the database changes, so that a crash between the two erases at the
next start. Whoever reads it meets at worst a torn last line, which the next one ends.
"""

import os
import uuid
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from edgeshop.vault.services.durable_file import flush_folder


def path() -> Path:
    """Where the list is; it is left out of backups on purpose."""
    return Path(settings.EDGESHOP.state_dir) / "erased.list"


def exists() -> bool:
    """Whether this disk has a list at all; a new disk learns it from the cloud."""
    return path().exists()


def add(subject_ids: Iterable[uuid.UUID]) -> None:
    """Append durably. With no ids it makes sure that there is a list."""
    lines = "".join(f"{subject_id}\n" for subject_id in subject_ids).encode("ascii")
    handle = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, b"\n" + lines if _is_torn(handle) else lines)
        os.fsync(handle)
    finally:
        os.close(handle)
    flush_folder(path().parent)


def erased() -> frozenset[uuid.UUID]:
    """Everybody on the list. One stat; the file is read again only when it has changed."""
    try:
        seen = path().stat()
    except FileNotFoundError:
        return frozenset()
    return _read(path(), seen.st_ino, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=2)
def _read(file: Path, _inode: int, _size_bytes: int, _changed_ns: int) -> frozenset[uuid.UUID]:
    return frozenset(filter(None, map(_id_in, file.read_bytes().splitlines())))


def _id_in(line: bytes) -> uuid.UUID | None:
    try:
        return uuid.UUID(line.decode("ascii"))
    except ValueError:
        return None


def _is_torn(handle: int) -> bool:
    size_bytes = os.fstat(handle).st_size
    return size_bytes > 0 and os.pread(handle, 1, size_bytes - 1) != b"\n"
