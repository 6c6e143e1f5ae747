"""Time, in one place, so that tests and drills can move it. Nothing else may ask the system for the wall clock.

`EDGESHOP_CLOCK_FILE`, when set, names a file that holds an offset in seconds; it moves every process that shares it.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path


def _offset_s() -> float:
    path = os.environ.get("EDGESHOP_CLOCK_FILE")
    if not path:
        return 0.0
    try:
        return float(Path(path).read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0.0


def timestamp() -> float:
    """Seconds since the epoch by the wall clock, as moved by the clock file."""
    return time.time() + _offset_s()


def now() -> datetime:
    """The wall clock as aware UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


def boot_s() -> float:
    """Seconds since boot, counting suspend: moves on when somebody stops or turns back the wall clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)) + _offset_s()
