"""The clock of a whole stack: every process reads its offset from one file, and this moves it."""

from datetime import timedelta
from pathlib import Path


class MovableClock:
    """Moves time for every process that was started with this file in EDGESHOP_CLOCK_FILE."""

    def __init__(self, path: Path) -> None:
        """Start at the real time."""
        self.path = path
        self.reset()

    @property
    def offset(self) -> timedelta:
        """How far ahead of the real time the stack is."""
        return timedelta(seconds=float(self.path.read_text(encoding="ascii")))

    def forward(self, by: timedelta) -> None:
        """Let this much time pass at once."""
        self._write(self.offset + by)

    def reset(self) -> None:
        """Back to the real time. Tokens and floors that saw the future keep what they saw."""
        self._write(timedelta())

    def _write(self, offset: timedelta) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(offset.total_seconds()), encoding="ascii")
        fresh.replace(self.path)
