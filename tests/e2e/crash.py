"""A browser that ends without saying goodbye."""

import contextlib
import os
import signal
import time
from pathlib import Path

_PATIENCE_S = 30


def kill_browser(profile_folder: Path) -> None:
    """SIGKILL the Chromium that runs on this profile; returns when none of its processes is left."""
    os.kill(_pids(profile_folder, is_main=True)[0], signal.SIGKILL)
    give_up_at = time.monotonic() + _PATIENCE_S
    while left := _pids(profile_folder):
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"Processes {left} outlive their browser.")
        time.sleep(0.02)


def _pids(profile_folder: Path, *, is_main: bool = False) -> list[int]:
    """Processes that were given this profile; helpers of the browser say their type."""
    mine = f"--user-data-dir={profile_folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            is_helper = any(word.startswith(b"--type=") for word in words)
            if mine in words and not (is_main and is_helper):
                found.append(int(process.name))
    return found
