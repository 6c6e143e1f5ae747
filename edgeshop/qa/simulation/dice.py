"""Chance from a seed, and what the code itself leaves to chance, made to follow it.

Keys and signatures stay random: nothing that happens in a run depends on them.
"""

import base64
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from edgeshop.checkout.services import numbers
from edgeshop.kernel import ids
from edgeshop.qa.simulation.swap import swapped


class Dice(random.Random):
    """A seeded generator with the questions that a run asks."""

    def happens(self, share: float) -> bool:
        """True in this share of all throws."""
        return self.random() < share


@contextmanager
def ids_from(dice: Dice, now_s: Callable[[], float]) -> Iterator[None]:
    """UUIDs and receipt keys are the seed's, too: they order rows that were written in one second."""
    drawn = SimpleNamespace(
        randbits=dice.getrandbits,
        token_bytes=dice.randbytes,
        token_urlsafe=lambda n: base64.urlsafe_b64encode(dice.randbytes(n)).decode().rstrip("="),
    )
    clock = SimpleNamespace(time_ns=_ticking(now_s))
    with swapped((ids, "secrets", drawn), (ids, "time", clock), (numbers, "secrets", drawn)):
        yield


def _ticking(now_s: Callable[[], float]) -> Callable[[], int]:
    """Nanoseconds of the virtual time, each later than the one before by a millisecond at least."""
    last = 0

    def tick() -> int:
        nonlocal last
        last = max(last + 1_000_000, int(now_s() * 1e9))
        return last

    return tick
