"""When this kiosk last had its cloud, kept where every process of the node can see it, without a database write."""

import os
from pathlib import Path

from django.conf import settings

from edgeshop.kernel import clock


def _file() -> Path:
    return Path(settings.EDGESHOP.state_dir) / "last_contact"


def note_contact() -> None:
    """Remember that the cloud has just answered."""
    beside = _file().with_suffix(f".{os.getpid()}")
    beside.write_text(f"{clock.timestamp():.3f}", encoding="ascii")
    beside.replace(_file())


def last_contact() -> float | None:
    """Unix seconds of the last answered contact; None before the first."""
    try:
        return float(_file().read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
