"""What the demo says on the terminal: a line per step with the time it took so far, and the table at the end."""

import sys
import time
from collections.abc import Sequence
from typing import TextIO


class Terminal:
    """Says things with the seconds since the start in front, so that nobody wonders whether it hangs."""

    def __init__(self, out: TextIO | None = None) -> None:
        """Speak to `out`, or to the terminal."""
        self._out = out or sys.stdout
        self._started_at = time.monotonic()

    def say(self, text: str) -> None:
        """One line of progress."""
        self._write(f"{time.monotonic() - self._started_at:4.0f} s  {text}")

    def table(self, rows: Sequence[tuple[str, str]], *, title: str) -> None:
        """A short table of two columns under a title."""
        width = max(len(name) for name, _ in rows)
        self._write(f"\n  {title}\n")
        for name, value in rows:
            self._write(f"  {name:<{width}}  {value}".rstrip())
        self._write("")

    def _write(self, text: str) -> None:
        self._out.write(f"{text}\n")
        self._out.flush()
