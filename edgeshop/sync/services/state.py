"""When this kiosk last had its cloud, and whether the last attempt failed: kept where every process of the node can
see it, without a database write."""

import os
from pathlib import Path

from django.conf import settings

from edgeshop.kernel import clock


def _file() -> Path:
    return Path(settings.EDGESHOP.state_dir) / "last_contact"


def _silence() -> Path:
    return Path(settings.EDGESHOP.state_dir) / "out_of_reach"


def note_contact() -> None:
    """Remember that the cloud has just answered."""
    _silence().unlink(missing_ok=True)
    beside = _file().with_suffix(f".{os.getpid()}")
    beside.write_text(f"{clock.timestamp():.3f}", encoding="ascii")
    beside.replace(_file())


def note_out_of_reach() -> None:
    """Remember that the cloud has just been asked in vain."""
    _silence().touch()


def is_out_of_reach() -> bool:
    """Whether the last attempt to reach the cloud failed."""
    return _silence().exists()


def last_contact() -> float | None:
    """Unix seconds of the last answered contact; None before the first."""
    try:
        return float(_file().read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
