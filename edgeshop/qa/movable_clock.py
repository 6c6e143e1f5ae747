"""The clock of a whole stack: every process reads its offset from one file, and this moves it."""

import time
from datetime import timedelta
from pathlib import Path


class MovableClock:
    """Moves time for every process that was started with this file in EDGESHOP_CLOCK_FILE."""

    def __init__(self, path: Path) -> None:
        """Start at the real time, or where the file that is there has come to."""
        self.path = path
        if not path.exists():
            self.reset()

    @property
    def offset(self) -> timedelta:
        """How far ahead of the real time the stack is."""
        return timedelta(seconds=float(self._words()[0]))

    def forward(self, by: timedelta) -> None:
        """Let this much time pass at once."""
        self._write(self.offset + by, *self._words()[1:])

    def sleep_off(self, by: timedelta) -> None:
        """Let this much time pass while every machine is off: the next start is another boot."""
        boot, began_s = int(self._words()[1]) + 1, time.clock_gettime(time.CLOCK_BOOTTIME)
        self._write(self.offset + by, str(boot), str(began_s + (self.offset + by).total_seconds()))

    def reset(self) -> None:
        """Back to the real time. Tokens and floors that saw the future keep what they saw."""
        self._write(timedelta(), "0", "0")

    def _words(self) -> list[str]:
        return self.path.read_text(encoding="ascii").split()

    def _write(self, offset: timedelta, boot: str, began_s: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{offset.total_seconds()} {boot} {began_s}", encoding="ascii")
        fresh.replace(self.path)
