"""On the cloud: the files of bundles, kept while they are used, which is while they are offered, asked after or served.

Processes and threads share the folder: whatever is here may be gone a moment later, and is then made again.
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from edgeshop.kernel import clock

_KEPT_FOR_S = 7 * 24 * 3600.0  # a kiosk that was switched off over a long weekend goes on where it stopped
_BYTES_MAX = 2 * 2**30  # of files, and as much of parts: a few thousand new kiosks in a week
_NAME = re.compile(r"[0-9a-f]{64}")
_BESIDE = "."  # before the name of a file that is being written
_SHORT = 16  # so much of a name a kiosk says in its contacts


def folder() -> Path:
    """Where the files are, on either side."""
    return Path(settings.EDGESHOP.state_dir) / "bundles"


def part_named(name: str) -> Path:
    """Where a packed stream is kept until it goes into files."""
    return folder() / "parts" / name


def keep(path: Path, data: bytes) -> None:
    """Write a file as a whole. Effect: those that have not been used for days are forgotten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{_BESIDE}{path.name}.{os.getpid()}.{threading.get_ident()}")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # a name stands for its contents, also after a power cut
    beside.replace(path)
    use(path)
    _forget_old()


def use(path: Path) -> bool:
    """Whether this file is here, which is used now."""
    now_s = clock.timestamp()
    try:
        os.utime(path, (now_s, now_s))
    except FileNotFoundError:
        return False
    return True


def read(path: Path) -> bytes | None:
    """The contents of a file, which is used now; None when it is not here."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    use(path)
    return data


def read_bundle(name: str) -> bytes | None:
    """A file by its name; None for one that is not here, and for one that is damaged, which goes: it is made anew."""
    data = read(folder() / name) if _NAME.fullmatch(name) else None
    if data is not None and hashlib.sha256(data).hexdigest() != name:
        (folder() / name).unlink(missing_ok=True)
        return None
    return data


def are_kept(shorts: Iterable[str]) -> bool:
    """Whether all files whose names begin so are here, which are used now."""
    here = _by_short()
    return all(short in here and use(here[short]) for short in shorts)


def size_of_all(shorts: Iterable[str]) -> int | None:
    """How large the files whose names begin so are together; None when one of them is not here. Units: bytes."""
    here = _by_short()
    try:
        return sum(here[short].stat().st_size for short in shorts)
    except (KeyError, FileNotFoundError):
        return None


def _by_short() -> dict[str, Path]:
    return {file.name[:_SHORT]: file for file in folder().glob("*") if _NAME.fullmatch(file.name)}


def _forget_old() -> None:
    """Those that have not been used for days go, and beyond the room that there is those that were used first."""
    now_s = clock.timestamp()
    for place in (folder(), folder() / "parts"):
        left = _BYTES_MAX
        for used_s, size, file in sorted(_files(place), reverse=True):
            left -= size
            is_being_written = file.name.startswith(_BESIDE)
            if (left < 0 and not is_being_written) or now_s - used_s > _KEPT_FOR_S:
                file.unlink(missing_ok=True)


def _files(place: Path) -> Iterable[tuple[float, int, Path]]:
    """When each was used, its size, and where it is."""
    for file in place.glob("*"):
        try:
            said = file.stat()
        except FileNotFoundError:
            continue
        if file.is_file():
            yield said.st_mtime, said.st_size, file
