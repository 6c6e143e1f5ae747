"""For who waits at a terminal: what takes longer than two seconds says how far it is, and then every two seconds."""

import time
from collections.abc import Callable

EVERY_S = 2.0


class Telling:
    """Call it as often as something moves; it speaks seldom. `read` makes the line, `say` shows it."""

    def __init__(
        self, say: Callable[[str], object], read: Callable[[], str], *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        """The two seconds begin now."""
        self._say, self._read, self._now_s = say, read, now_s
        self._next_s = now_s() + EVERY_S

    def __call__(self) -> None:
        """Something has moved."""
        if self._now_s() >= self._next_s:
            self._next_s = self._now_s() + EVERY_S
            self._say(self._read())
