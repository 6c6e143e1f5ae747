"""A grant on a kiosk that has lost its chip since: it goes on selling, by the limits of what it is worth now."""

from dataclasses import dataclass

from django.conf import settings

from edgeshop.vault.services import keystore_state


@dataclass(frozen=True, slots=True)
class Cut:
    """What to take off a grant's ceilings, and its largest order now. Units: minor units of the shop's currency."""

    sum_minor: int
    count: int
    order_max_minor: int


def cut_for(level: int, *, order_max_minor: int, exponent: int) -> Cut:
    """How much less than a grant of this level allows; nothing while the keys are where they should be.

    The ceilings are the level's window on top of what has cleared, so the difference of two windows is what goes.
    """
    state, limits, unit = keystore_state(), settings.EDGESHOP.checkout.limits, 10**exponent
    if not state.problem or state.level >= level:
        return Cut(0, 0, order_max_minor)
    granted, own = limits[level], limits[state.level]
    return Cut(
        sum_minor=max(0, granted.window - own.window) * unit,
        count=max(0, granted.orders_max - own.orders_max),
        order_max_minor=min(order_max_minor, own.order_max * unit),
    )
