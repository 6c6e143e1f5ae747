"""One run: from a seed, a shop's days with everything that can go wrong, then peace, and what is left in the books.

The seed decides which kinds of fault a run has at all, so that rare ones meet each other and common ones do not drown
them (swarm testing). Each thing that happens is a line of the trace; the same seed gives the same lines.
"""

import hashlib
import logging
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connections

from edgeshop.journal.services import head_file
from edgeshop.qa.simulation import check, plants
from edgeshop.qa.simulation.days import Days
from edgeshop.qa.simulation.dice import Dice, ids_from
from edgeshop.qa.simulation.machines import disk_of, first_morning, folder


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a seed: what is `broken`, counted by kind; `trace` is what happened, in order."""

    seed: int
    orders: int
    broken: dict[str, int]
    problems: list[str]
    trace: list[str]
    counts: dict[str, int]

    @property
    def digest(self) -> str:
        """The same for the same seed."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]


def run(seed: int, *, orders: int = 100, plant: str = "") -> Outcome:
    """One run of a seed with so many checkouts. `plant` names a bug to put in first. Needs Django set up."""
    with ExitStack() as stack:
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        stack.enter_context(plants.planted(plant))
        here = stack.enter_context(_opened(seed, orders))
        try:
            here.live()
            here.make_peace()
            found = check.problems(here)
        except Exception as error:  # noqa: BLE001 -- whatever escapes a service is a finding of this seed
            here.note(f"unhandled {error!r}"[:300])
            found = [("unhandled", f"{error!r}"[:300])]
        broken: dict[str, int] = {}
        for kind, _ in found:
            broken[kind] = broken.get(kind, 0) + 1
        return Outcome(seed, here.tried, broken, [f"{k}: {what}" for k, what in found], here.trace, here.counts)


@contextmanager
def _opened(seed: int, orders: int) -> Iterator[Days]:
    images, at = first_morning(), folder()
    cache.clear()
    here = Days(Dice(seed), at, images, orders=orders)
    write = head_file.write
    head_file.write = lambda head: disk_of(connections["default"]).write_file(lambda: write(head))
    try:
        with ids_from(Dice(seed + 1), lambda: here.now_s):
            here.open()
            yield here
    finally:
        head_file.write = write
        for box in [here.cloud, *here.boxes.values()]:
            box.disk.recover()
        shutil.rmtree(at, ignore_errors=True)
