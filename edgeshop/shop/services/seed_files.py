"""Seed files on disk: immutable, named by the SHA-256 of their bytes, and a bounded number of them.

Beside each stands a note, named by what the file was made from. As long as that has not changed, the answer is a read
of the note; the bytes are made again only when it has, and an unchanged kiosk makes the same bytes under the same name.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from pydantic import ValidationError

from edgeshop.kernel.errors import NotFound
from edgeshop.shop.schemas import SeedItem
from edgeshop.vault.services.durable_file import make_folder, write_durably

FILES_MAX = 40  # eight manifests' worth: a slow download still finds its file after seven changes of the shelf
NOTES_MAX = 200
Kind = Literal["core", "table", "pictures", "texts"]
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Content:
    """What a seed file holds; `count` is how many things are in it."""

    data: bytes
    count: int


def kept(kind: Kind, made_from: tuple[Any, ...], make: Callable[[], Content]) -> SeedItem:
    """The seed made from all that `made_from` says; `make` runs only when there is none yet.

    Effect: the file and its note are on disk, and count as used now; the ones longest unused may be gone.
    """
    note = _folder("notes") / hashlib.sha256(repr((kind, *made_from)).encode()).hexdigest()
    return _read(note) or _make(kind, note, make)


def seed_file(sha256: str) -> Path:
    """The file of a seed. Raises: NotFound when it is not of a current manifest; ask for the manifest again."""
    path = _folder("files") / sha256
    if not _NAME.fullmatch(sha256) or not path.is_file():
        raise NotFound("This seed is not current any more; fetch the manifest again.", sha256=sha256[:64])
    return path


def _folder(name: str) -> Path:
    folder = Path(settings.EDGESHOP.state_dir) / "seeds" / name
    make_folder(folder)
    return folder


def _read(note: Path) -> SeedItem | None:
    """The note's item, if the note is whole and its file is there. Both count as used first, so that they stay."""
    try:
        os.utime(note)
        item = SeedItem.model_validate_json(note.read_bytes())
        path = seed_file(item.sha256)
        os.utime(path)
        return item if path.stat().st_size == item.size_bytes else None
    except (FileNotFoundError, ValidationError, NotFound):
        return None


def _make(kind: Kind, note: Path, make: Callable[[], Content]) -> SeedItem:
    with _alone():
        item = _read(note)  # another request may have been at it meanwhile
        if item is None:
            item = _write(kind, make())
            note.write_text(item.model_dump_json(), encoding="utf-8")
            _tidy(_folder("notes"), NOTES_MAX)
            _tidy(_folder("files"), FILES_MAX)
        return item


@contextmanager
def _alone() -> Iterator[None]:
    """One maker at a time, over all processes of this node."""
    folder = os.open(_folder("files"), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(kind: Kind, content: Content) -> SeedItem:
    name = hashlib.sha256(content.data).hexdigest()
    path = _folder("files") / name
    if not path.is_file() or path.stat().st_size != len(content.data):  # a power cut may have left a stump
        write_durably(path, content.data)
    return SeedItem(url=f"/api/seeds/{name}", sha256=name, size_bytes=len(content.data), kind=kind, count=content.count)


def _tidy(folder: Path, keep: int) -> None:
    files = sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for old in files[keep:]:
        old.unlink(missing_ok=True)
