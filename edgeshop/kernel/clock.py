"""Time, in one place, so that tests and drills can move it. Nothing else may ask the system for the wall clock.

`EDGESHOP_CLOCK_FILE`, when set, names a file that moves every process that shares it: it holds an offset in seconds
and, after a restart that a test has made up, the number of that boot and the uptime at which it began.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def _moved() -> list[str]:
    """The words of the clock file; none without one."""
    path = os.environ.get("EDGESHOP_CLOCK_FILE")
    if not path:
        return []
    try:
        return Path(path).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def _offset_s() -> float:
    return float((_moved() or ["0"])[0])


def _began_s() -> float:
    return float((_moved()[2:] or ["0"])[0])


def timestamp() -> float:
    """Seconds since the epoch by the wall clock, as moved by the clock file."""
    return time.time() + _offset_s()


def now() -> datetime:
    """The wall clock as aware UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


def boot_s() -> float:
    """Seconds since boot, counting suspend: moves on when somebody stops or turns back the wall clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)) + _offset_s() - _began_s()


def boot_id() -> str:
    """Which boot `boot_s` counts from: another one after each start of the machine. Empty where nobody can tell."""
    try:
        real = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        real = ""
    return "/".join([real, *_moved()[1:2]])
