"""Random attacks on grants and tokens, on the real services under the real limits, and what each one got away with.

The loss is what left the door of the kiosk's shop uncleared: sales on the grant that the kiosk confirmed without asking
for a person. It must never exceed min(window, largest order x number of orders) of the kiosk's level. The same must
hold for what the ledger takes as good: uncleared orders that nobody has to look at.

What no software can see is a second box with everything of the first, its keys too, while both are offline. What such a
copy lets go is counted apart (`elsewhere_minor`); keys in hardware cannot be copied, so at levels 2 and 3 it must be
nothing, and at any level the ledger takes it for good only within the bound.

`run(naive=True)` is the control: each grant brings a budget of its own, as if nobody had counted over grants.
"""

import random
from dataclasses import dataclass

from django.db.models import Sum

from edgeshop.checkout.enums import NumberState, Purpose
from edgeshop.checkout.models import Number, Order
from edgeshop.fleet.models import Kiosk
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.attack_kinds import KINDS
from edgeshop.qa.thief import UNIT, Browser, Thief
from edgeshop.qa.two_nodes import KIOSK, World
from edgeshop.settings.knobs import REAL


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attack: what left uncleared, here and at a copy; what the ledger took as good; what it may be at most."""

    kind: str
    level: int
    seed: int
    bound_minor: int
    loss_minor: int
    ledger_minor: int
    elsewhere_minor: int

    @property
    def is_over(self) -> bool:
        """Whether the attack got more than its level allows."""
        elsewhere_max = self.bound_minor if self.level <= 1 and self.kind == "cloned_keys" else 0
        return max(self.loss_minor, self.ledger_minor) > self.bound_minor or self.elsewhere_minor > elsewhere_max


def bound_minor(level: int) -> int:
    """What a kiosk of this level may lose at most. Units: minor units of the world's shop."""
    limits = REAL[level]
    return min(limits.window, limits.order_max * limits.orders_max) * UNIT


def run(seed: int, count: int, level: int, *, naive: bool = False) -> list[Outcome]:
    """`count` attacks on a kiosk of this level, all kinds in turn, each from its own seed. Needs Django set up."""
    kinds = list(KINDS)
    return [attack(kinds[n % len(kinds)], seed * 1_000_003 + n, level, naive=naive) for n in range(count)]


def attack(kind: str, seed: int, level: int, *, naive: bool = False) -> Outcome:
    """One attack in a world of its own, and the reckoning when all that can be told has been told."""
    world = World(level=level)
    rng = random.Random(seed)  # noqa: S311 -- an attack that can be repeated
    thief = Thief(world, level, rng, naive=naive)
    try:
        KINDS[kind](thief)
        world.time.wrong_s, world.time.is_frozen = 0.0, False
        world.contact(world.box)
        here = thief.gone.pop("box")
        return Outcome(kind, level, seed, bound_minor(level), here, _taken_as_good(world), sum(thief.gone.values()))
    finally:
        world.close()


def _taken_as_good(world: World) -> int:
    """Uncleared sales in the ledger that nobody has to look at."""
    with world.cloud():
        good = Order.objects.filter(kiosk=KIOSK, is_on_grant=True, reviews__isnull=True).exclude(payment="cleared")
        return good.aggregate(total=Sum("total_minor"))["total"] or 0


def drain_by_phones(level: int, phones: int, *, addresses: int) -> tuple[int, int]:
    """So many phones ask for seats and tokens, from so many addresses; answers seats given, and value handed out."""
    world, given = World(level=level), 0
    try:
        world.contact(world.box)
        with world.box():
            for n in range(phones):
                try:
                    phone = Browser(Purpose.PHONE, address=f"192.0.2.{n % addresses}")
                    given += 1
                    phone.tokens(2)
                except EdgeShopError:
                    continue
            out = Number.objects.filter(state=NumberState.OUTSTANDING, kiosk__in=Kiosk.objects.filter(is_self=True))
            return given, out.aggregate(total=Sum("max_minor"))["total"] or 0
    finally:
        world.close()
