"""Dynamic programming for one stream: when is its backlog worth the bytes, slot by slot, with the link up or down.

State: backlog × slot of the day × link. In each slot a node whose link is up may ask for the stream, which costs
price × μ × (its part of the contact + bytes), or wait and be hurt; then changes arrive and the link moves on. Values
are relative: a day is repeated until one more day adds nearly the same everywhere. The least that it adds anywhere is a
lower bound on the average day of every policy (Odoni 1969), which is what makes the simulator's bound a bound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edgeshop.sync.schedule.expectation import BLOCK, of_a_day
from edgeshop.sync.schedule.workload import BACKLOG_MAX, SLOTS, Floats, Stream


@dataclass(frozen=True, slots=True)
class Day:
    """One day solved backward. Shapes: values [2, kinds, states], up then down; asks [96, kinds, states];
    gains [96, kinds, states], what asking saves when the contact itself is free."""

    values: Floats
    asks: NDArray[np.bool_]
    gains: Floats


class StreamProblem:
    """One stream on every kind of node at its price of money.

    Shapes: weights and tolls [kinds, 96]; fail, repair [kinds]. Units: tolls are μ × price, in harm per byte.
    """

    def __init__(self, stream: Stream, weights: Floats, tolls: Floats, fail: Floats, repair: Floats) -> None:
        self.stream = stream
        self.states = _states(stream)
        backlog = np.arange(self.states)
        self._harm = stream.harm_of(backlog)
        self._bytes = stream.bytes_of(backlog)
        self._weights, self.tolls = weights, tolls
        self._arrivals = of_a_day(stream.rates)
        self._fail, self._repair = fail[:, None], repair[:, None]

    def nothing_known(self) -> Floats:
        """Values to begin with. Shape: [2, kinds, states]."""
        return np.zeros((2, len(self._weights), self.states))

    def all_fresh(self) -> Floats:
        """Chances when every node has just been served. Shape: [2, kinds, states]."""
        chances = self.nothing_known()
        chances[0, :, 0] = 1.0
        return chances

    def back(self, values: Floats, entry: Floats) -> Day:
        """One day earlier. Shape: entry [kinds, 96], the part of a contact's bytes that this stream pays."""
        shape = (SLOTS, values.shape[1], self.states)
        asks, gains = np.empty(shape, bool), np.empty(shape)
        for slot in reversed(range(SLOTS)):
            later = self._arrivals[slot].expect(values)
            up = later[0] + self._fail * (later[1] - later[0])
            down = later[1] + self._repair * (later[0] - later[1])
            harm = self._weights[:, slot, None] * self._harm
            wait = harm + up
            served = self.tolls[:, slot, None] * self._bytes + up[:, :1]
            np.subtract(wait, served, out=gains[slot])
            fee = (self.tolls[:, slot] * entry[:, slot])[:, None]
            np.greater(gains[slot], fee, out=asks[slot])
            values = np.stack([np.minimum(wait, served + fee), harm + down])
        return Day(values, asks, gains)

    def forward(self, chances: Floats, asks: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Chances a day later, and how often it is asked for by slot. Shapes: [2, kinds, states], [kinds, 96]."""
        asked = np.empty((chances.shape[1], SLOTS))
        for slot in range(SLOTS):
            moved = np.where(asks[slot], chances[0], 0.0)
            asked[:, slot] = moved.sum(-1)
            up = chances[0] - moved
            up[:, 0] += asked[:, slot]
            after = self._arrivals[slot].spread(np.stack([up, chances[1]]))
            broke, mended = self._fail * after[0], self._repair * after[1]
            chances = np.stack([after[0] - broke + mended, after[1] - mended + broke])
        return chances, asked


def _states(stream: Stream) -> int:
    """States kept: up to where a larger backlog neither hurts nor costs more, in whole blocks, 256 at most.

    Holding the backlog there hurts less than the truth, so that a bound stays one.
    """
    backlog = np.arange(BACKLOG_MAX + 1)
    moving = (np.diff(stream.harm_of(backlog)) > 0) | (np.diff(stream.bytes_of(backlog)) > 0)
    last = int(np.flatnonzero(moving).max(initial=0)) + 1
    return min(BACKLOG_MAX + 1, BLOCK * (last // BLOCK + 1))
