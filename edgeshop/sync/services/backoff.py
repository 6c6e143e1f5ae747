"""After an attempt whose bytes were for nothing: when the next one is worth its price.

No route and nobody listening cost no byte: that is tried at each tick, so that a link that is back is noticed at once.
But whoever answers in the cloud's place (a hotspot, a proxy before a cloud under repair) takes the bytes of each
attempt, and a cloud that was away is not to meet its whole fleet in one second. Source: full jitter, M. Brooker,
"Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

import json
import random
from pathlib import Path

from django.conf import settings

from edgeshop.kernel import clock
from edgeshop.sync.services.grading import terms_here

_LONGEST_S = 60.0
_LONGEST_SPENT_S = 3600.0  # nothing is left of the month's money
_DOUBLINGS_MAX = 12


def put_off() -> None:
    """Let the next attempt wait: somewhere up to twice as long as after the one before. Effect: a file is written."""
    tries, _ = _read()
    longest = min(_longest_s(), settings.EDGESHOP.sync.tick_s * 2.0 ** min(tries, _DOUBLINGS_MAX))
    until_s = clock.timestamp() + random.uniform(0.0, longest)  # noqa: S311 -- no secret
    _file().write_text(json.dumps([tries + 1, until_s]), encoding="ascii")


def is_put_off() -> bool:
    """Whether the next attempt is still to wait. A clock that was turned back puts nothing off for longer."""
    tries, until_s = _read()
    return tries > 0 and 0.0 < until_s - clock.timestamp() <= _longest_s()


def forgive() -> None:
    """The cloud has answered: nothing is put off any more."""
    _file().unlink(missing_ok=True)


def _longest_s() -> float:
    return _LONGEST_SPENT_S if terms_here().is_spent else _LONGEST_S


def _file() -> Path:
    return Path(settings.EDGESHOP.state_dir) / "put_off"


def _read() -> tuple[int, float]:
    try:
        tries, until_s = json.loads(_file().read_text(encoding="ascii"))
        return int(tries), float(until_s)
    except (FileNotFoundError, ValueError, TypeError):
        return 0, 0.0
