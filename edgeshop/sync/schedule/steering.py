"""Keep a month under its cap: each night the price of money is set so that the days left fit the money left.

Tables exist for a row of prices. The wanted spend lies between what two neighbours are expected to spend, so part of
the nodes gets the dearer one. What was really spent corrects the forecast: rates that have jumped are met within days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.workload import Floats

_MEMORY = 0.8  # of a day's weight a day later; changing tables shifts spend between days, so days are read together
_TRUST_DAYS = 2.0  # the forecast counts as much as this many days seen: one odd day moves little
_GOLDEN = 0.6180339887498949  # spreads any part of the nodes evenly over all of them


@dataclass(frozen=True, slots=True)
class Mix:
    """Which tables to hand out. Shapes: cheaper [runs], an index of a price; dearer_part [runs], of the nodes that get
    the next dearer one."""

    cheaper: NDArray[np.intp]
    dearer_part: Floats

    def choose(self, node: NDArray[np.integer], run_of: NDArray[np.integer]) -> NDArray[np.intp]:
        """The price of each node. Shapes: [nodes] all.

        A node keeps its price while the mix stays: one that changed sides daily would put off what is dear to its cheap
        days, and the fleet would spend more than either table says.
        """
        turn = (node * _GOLDEN) % 1.0
        return np.asarray(self.cheaper[run_of] + (turn < self.dearer_part[run_of]))


class Steering:
    """The nightly steering of one fleet, or of several side by side.

    Shapes: daily [prices], money that the fleet is expected to spend on a day at each price, falling; cap [runs].
    """

    def __init__(self, daily: Floats, cap: Floats, days: int) -> None:
        self._daily, self._cap, self._days = daily, cap, days
        self._seen = np.zeros_like(cap)  # money spent, days long gone counting less
        self._foreseen = np.zeros_like(cap)  # and what the tables in force were expected to spend
        self._spent = np.zeros_like(cap)
        self._expected = np.full_like(cap, cap / days)

    def tonight(self, day: int, spent: Floats) -> Mix:
        """The tables for the days from `day` on (0 is the first), after `spent` [runs] so far."""
        if day > 0:
            self._learn(spent)
        left = np.maximum(self._cap - spent, 0.0) / max(self._days - day, 1) / self.correction
        mix = _mix(self._daily, left)
        low, high = self._daily[mix.cheaper], self._daily[mix.cheaper + 1]
        self._expected = low + mix.dearer_part * (high - low)
        return mix

    @property
    def correction(self) -> Floats:
        """How much more is spent than the tables' forecast says. Shape: [runs]."""
        trust = _TRUST_DAYS * self._expected
        return np.asarray((self._seen + trust) / np.maximum(self._foreseen + trust, 1e-12))

    def _learn(self, spent: Floats) -> None:
        self._seen = _MEMORY * self._seen + spent - self._spent
        self._foreseen = _MEMORY * self._foreseen + self._expected
        self._spent = spent.copy()


def _mix(daily: Floats, wanted: Floats) -> Mix:
    """The neighbours that `wanted` lies between; beyond the ends, the last one alone."""
    cheaper = np.clip((daily[None] >= wanted[:, None]).sum(1) - 1, 0, len(daily) - 2)
    low, high = daily[cheaper], daily[cheaper + 1]
    return Mix(cheaper, np.clip((low - wanted) / np.maximum(low - high, 1e-12), 0.0, 1.0))
