"""How the vault behaves for days: rotations, renewals that fail, attacks, mutants, a kiosk that is revoked."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

import django

Say = Callable[[str], None]
LEVELS = (3, 2, 1, 0)
_CHUNK_ATTACKS, _CHUNK_MUTANTS = 25, 25_000
_CONTROL_ATTACKS = 11  # one of each kind


@dataclass(slots=True)
class Attacked:
    """What attacks on all levels came to. `worst` is the largest loss in per cent of its bound, by level."""

    count: int = 0
    over: int = 0
    worst: dict[int, float] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


def ready() -> None:
    """Django, as the drivers need it; in each process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edgeshop.settings.test")
    django.setup()


def attacks(*, seed: int, count: int, say: Say) -> Attacked:
    """`count` random attacks, the levels in turn, over all cores."""
    jobs = [(seed + n, min(_CHUNK_ATTACKS, count - n), LEVELS[i % 4]) for i, n in _chunks(count, _CHUNK_ATTACKS)]
    found = Attacked()
    for chunk in _spread(_attack, jobs, "attacks", say):
        for level, is_over, share, name in chunk:
            found.count += 1
            found.over += is_over
            found.worst[level] = max(found.worst.get(level, 0.0), share)
            found.examples += [name] if is_over else []
    return found


def naive_over(*, seed: int) -> int:
    """The control: the same attacks where each grant brings a budget of its own. Must be above 0."""
    return sum(is_over for _, is_over, _, _ in _attack((seed, _CONTROL_ATTACKS, 1), naive=True))


def mutants(*, seed: int, count: int, say: Say) -> dict[str, int]:
    """`count` mutants of tokens, delegations, orders, grants, lists and requests, over all cores."""
    jobs = [(seed + n, min(_CHUNK_MUTANTS, count - n)) for _, n in _chunks(count, _CHUNK_MUTANTS)]
    total = dict.fromkeys(("count", "accepted", "unhandled", "controls", "controls_accepted"), 0)
    for chunk in _spread(_mutate, jobs, "mutants", say):
        total = {name: total[name] + chunk[name] for name in total}
    return total


def rotations(*, seed: int) -> tuple[object, object]:
    """Four issuer rotations with kiosks cut off for up to 60 h, and the same without overlap."""
    from edgeshop.qa.rotation import run  # noqa: PLC0415 -- needs Django

    return run(seed, overlap=True), run(seed, overlap=False, sample=False)


def revocation_contacts() -> int:
    """How many contacts it takes until a revoked kiosk knows, and lets nothing leave uncleared."""
    from edgeshop.fleet.queries import this_kiosk  # noqa: PLC0415 -- needs Django
    from edgeshop.fleet.services import revoke  # noqa: PLC0415 -- as above
    from edgeshop.qa.two_nodes import KIOSK, World  # noqa: PLC0415 -- as above

    world = World(level=2)
    try:
        world.contact(world.box)
        with world.cloud():
            revoke(KIOSK)
        for n in range(1, 5):
            world.contact(world.box)
            with world.box():
                if this_kiosk().revoked_at is not None:
                    return n
        return 5
    finally:
        world.close()


def _attack(job: tuple[int, int, int], *, naive: bool = False) -> list[tuple[int, bool, float, str]]:
    ready()
    from edgeshop.qa.attacks import run  # noqa: PLC0415 -- needs Django

    seed, count, level = job
    return [
        (o.level, o.is_over, 100 * o.loss_minor / o.bound_minor, f"{o.kind} {o.seed} at {o.level}: {o.loss_minor}")
        for o in run(seed, count, level, naive=naive)
    ]


def _mutate(job: tuple[int, int]) -> dict[str, int]:
    ready()
    from edgeshop.qa.mutants import mutants as run  # noqa: PLC0415 -- needs Django

    done = run(*job)
    names = ("count", "accepted", "unhandled", "controls", "controls_accepted")
    return {name: getattr(done, name) for name in names}


def _chunks(count: int, size: int) -> list[tuple[int, int]]:
    return list(enumerate(range(0, count, size)))


def _spread(work: Callable, jobs: list, what: str, say: Say) -> list:
    done = []
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for chunk in as_completed([pool.submit(work, job) for job in jobs]):
            done.append(chunk.result())
            if len(done) % max(1, len(jobs) // 10) == 0:
                say(f"{what}: {100 * len(done) // len(jobs)} %")
    return done
