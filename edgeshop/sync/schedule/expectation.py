"""Expectations over the changes of one slot: Poisson arrivals that push a backlog up, held at a maximum.

The step is a band matrix with equal rows, so it is done in blocks of 32 states, each by one small matrix product.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.workload import Floats

BLOCK = 32
_TAIL = 1e-9  # the mass of a Poisson tail that is moved onto the largest arrival


def poisson(mean: float) -> Floats:
    """Chances of 0, 1, 2, ... changes. Shape: as long as it takes; they sum to one."""
    chances = [math.exp(-mean)]
    while sum(chances) < 1 - _TAIL and len(chances) < BLOCK:
        chances.append(chances[-1] * mean / len(chances))
    chances[-1] += 1 - sum(chances)
    return np.array(chances)


class Arrivals:
    """What one slot's arrivals do to values (backward) and to chances (forward) over backlogs."""

    def __init__(self, mean: float) -> None:
        self._chances = poisson(mean)
        self._reach = len(self._chances) - 1
        width = BLOCK + self._reach
        self._ahead = np.zeros((width, BLOCK))
        for column in range(BLOCK):
            self._ahead[column : column + self._reach + 1, column] = self._chances
        self._behind = self._ahead[::-1, ::-1].copy()

    def expect(self, values: Floats) -> Floats:
        """Values after the arrivals, seen from before. Shapes: [..., states], states a multiple of 32."""
        last = np.repeat(values[..., -1:], self._reach, axis=-1)
        return self._product(np.concatenate([values, last], axis=-1), self._ahead)

    def spread(self, chances: Floats) -> Floats:
        """Chances of backlogs after the arrivals. Shapes: as for `expect`."""
        none = np.zeros((*chances.shape[:-1], self._reach))
        after = self._product(np.concatenate([none, chances], axis=-1), self._behind)
        after[..., -1] += chances.sum(-1) - after.sum(-1)
        return after

    def _product(self, padded: Floats, kernel: Floats) -> Floats:
        width = BLOCK + self._reach
        windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=-1)[..., ::BLOCK, :]
        shape = (*padded.shape[:-1], padded.shape[-1] - self._reach)
        blocks: NDArray[np.float64] = np.ascontiguousarray(windows).reshape(-1, width) @ kernel
        return blocks.reshape(shape)


def of_a_day(rates: Floats) -> Sequence[Arrivals]:
    """The arrivals of each slot of a day; equal slots share one. Shape: rates [96]."""
    known = {rate: Arrivals(rate) for rate in set(rates.tolist())}
    return [known[rate] for rate in rates.tolist()]
