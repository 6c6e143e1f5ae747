"""Many runs over all cores, and what they came to."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from edgeshop.qa.simulation.run import Outcome

KINDS = ("lost", "duplicated", "changed", "oversold", "receipt_gaps", "unequal", "unhandled")
PLANTED_MAX = 200  # seeds within which a planted bug has to be found


@dataclass(slots=True)
class Tally:
    """What a campaign came to. `failed`: the first seeds in which something was wrong, whole."""

    seeds: int = 0
    orders: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    failed: "list[Outcome]" = field(default_factory=list)

    def add(self, done: "Outcome") -> None:
        """One more run."""
        self.seeds, self.orders = self.seeds + 1, self.orders + done.orders
        self.broken.update(done.broken)
        self.events.update(done.counts)
        if done.broken:
            self.failed.append(done)


def ready() -> None:
    """Django, as the drivers need it; in each process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edgeshop.settings.test")
    django.setup()


def one(seed: int, orders: int, plant: str = "") -> "Outcome":
    """One run in this process."""
    from edgeshop.qa.simulation.run import run  # noqa: PLC0415 -- needs Django

    return run(seed, orders=orders, plant=plant)


def spread(seeds: Sequence[int], orders: int, say: Callable[[str], None], *, jobs: int) -> Tally:
    """All seeds over `jobs` processes, and how it goes every fiftieth."""
    tally = Tally()
    for done in _each(seeds, orders, "", jobs):
        tally.add(done)
        if done.broken:
            say(f"seed {done.seed} failed: {dict(done.broken)}")
        if tally.seeds % 50 == 0:
            say(f"{tally.seeds} of {len(seeds)} seeds, {len(tally.failed)} failed")
    return tally


def first_found(plant: str, seeds: Sequence[int], orders: int, *, jobs: int) -> int | None:
    """How many seeds it takes until a planted bug is found; None when it is not."""
    for place, done in enumerate(_each(seeds, orders, plant, jobs), start=1):
        if done.broken:
            return place
    return None


def _each(seeds: Sequence[int], orders: int, plant: str, jobs: int) -> "Iterator[Outcome]":
    if jobs == 1:
        yield from (one(seed, orders, plant) for seed in seeds)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, initializer=ready) as pool:
        yield from pool.imap(_task, [(seed, orders, plant) for seed in seeds])


def _task(asked: tuple[int, int, str]) -> "Outcome":
    return one(*asked)
