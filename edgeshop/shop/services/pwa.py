"""The shop window that runs here: the one that came as a signed artefact, or the one that this release brought along.

Each lies in a folder named by the SHA-256 of its archive; a link leads to the one in use and changes in one step. The
link carries the release's name: a newer release starts with its own shop window again, and never with an older one.
"""

import hashlib
import os
import shutil
import tarfile
from pathlib import Path

from django.conf import settings

from edgeshop import __version__
from edgeshop.kernel.errors import InvalidInput
from edgeshop.vault.services.durable_file import flush_folder, make_folder

UNPACKED_BYTES_MAX = 64 * 1024 * 1024  # ours has two
_CURRENT = f"current-{__version__}"
_KEPT = 2  # the one in use, and the one that screens may still be loading


def built_home(release: Path) -> Path:
    """The folder to serve the shop window from; `release` where no other was activated."""
    current = _home() / _CURRENT
    return current if current.is_dir() else release


def activate(archive: Path) -> None:
    """Unpack a verified archive beside the others and serve from it.

    Raises: InvalidInput for one that is no shop window or reaches outside its folder; then the one in use stays.
    """
    with archive.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()
    make_folder(_home())
    target = _home() / name
    if not target.is_dir():
        beside = _home() / f".{name}"
        shutil.rmtree(beside, ignore_errors=True)
        try:
            _unpack(archive, beside)
            beside.rename(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    _switch(name)
    _tidy(name)


def _home() -> Path:
    return Path(settings.EDGESHOP.state_dir) / "pwa"


def _unpack(archive: Path, to: Path) -> None:
    try:
        with tarfile.open(archive) as tar:
            if sum(member.size for member in tar) > UNPACKED_BYTES_MAX:
                raise InvalidInput("The archive is too large.", bytes_max=UNPACKED_BYTES_MAX)
            tar.extractall(to, filter="data")  # no absolute names, no way up, no links out, no devices
    except tarfile.TarError as error:
        raise InvalidInput("The archive cannot be unpacked.", why=type(error).__name__) from error
    if not (to / "index.html").is_file():
        raise InvalidInput("The archive holds no shop window: index.html is missing.")
    _flush(to)


def _flush(folder: Path) -> None:
    """Force all of it to disk before it is named: a power cut must not leave empty files under a good name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            flush_folder(path)
    flush_folder(folder)


def _switch(name: str) -> None:
    beside = _home() / f".{_CURRENT}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(name)
    beside.replace(_home() / _CURRENT)
    flush_folder(_home())


def _tidy(name: str) -> None:
    others = [path for path in _home().iterdir() if path.is_dir() and not path.is_symlink() and path.name != name]
    for old in sorted(others, key=lambda path: path.stat().st_mtime_ns, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(old)
