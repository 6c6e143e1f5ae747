"""When to ask again: at once when a lease turns stale, then later and later, never all kiosks at one moment."""

import random
from collections.abc import Callable

PAUSE_S, PAUSE_S_MAX = 60.0, 3600.0
_JITTER = 0.2  # of the pause: a cloud that comes back is not asked by a whole fleet in one second


class Renewals:
    """Remembers, for each name, when it may be asked for. It asks about a state, so no moment can be missed.

    `now_s` may be any clock that only goes forward. Kept in memory: after a start it asks at once.
    """

    def __init__(self, *, now_s: Callable[[], float], random_s: Callable[[], float] = random.random) -> None:
        self._now_s = now_s
        self._random_s = random_s
        self._asked: dict[str, tuple[float, float]] = {}

    def may_ask(self, name: str) -> bool:
        """Whether it is time; if so, the next time is later by a pause twice as long."""
        at_s, pause_s = self._asked.get(name, (0.0, PAUSE_S))
        now_s = self._now_s()
        if now_s < at_s:
            return False
        jitter_s = pause_s * _JITTER * self._random_s()
        self._asked[name] = now_s + pause_s + jitter_s, min(2 * pause_s, PAUSE_S_MAX)
        return True

    def came(self, name: str) -> None:
        """It was renewed: begin anew when it turns stale again."""
        self._asked.pop(name, None)
