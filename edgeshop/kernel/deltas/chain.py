"""Which form a delta takes: the smallest whose reconstruction is still good enough.

What is good enough is the caller's to say, by a measure of the reconstructed arrays and its floor.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from edgeshop.kernel.deltas import forms
from edgeshop.kernel.deltas.delta import Arrays, encode, prepared
from edgeshop.kernel.deltas.rows import Floats, added, as_rows, quantised

COARSEST, FINEST = 24, -48  # of even steps, in eighths of a doubling: from 8 times the typical change to a 64th


@dataclass(frozen=True, slots=True)
class Gate:
    """`measure` answers how good reconstructed arrays are, higher being better; less than `floor` does not pass."""

    measure: Callable[[Arrays], float]
    floor: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One form that was tried. `quality` is None where a smaller one had passed already."""

    form: str
    size_bytes: int
    quality: float | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The delta that won, the next version it leads to, and all that were tried, smallest first."""

    delta: bytes
    arrays: list[Floats]
    form: str
    quality: float
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class _Try:
    form: str
    delta: bytes
    arrays: list[Floats]


def choose(base: Arrays, new: Arrays, gate: Gate) -> Chosen | None:
    """The smallest delta that passes the gate; None when not even the exact one does. Shapes: as `delta.encode`."""
    base, new = prepared(base), prepared(new)
    tries = sorted(_tries(base, new, gate), key=lambda each: len(each.delta))
    candidates = [Candidate(each.form, len(each.delta), None) for each in tries]
    for place, each in enumerate(tries):
        quality = gate.measure(each.arrays)
        candidates[place] = replace(candidates[place], quality=quality)
        if quality >= gate.floor:
            return Chosen(each.delta, each.arrays, each.form, quality, candidates)
    return None


def _tries(base: Arrays, new: Arrays, gate: Gate) -> list[_Try]:
    lossless = {"exact", "raw"}
    is_finite = all(np.isfinite(array).all() for array in (*base, *new))
    found = [_Try(form.name, *encode(base, new, form)) for form in forms.FIXED if is_finite or form.name in lossless]
    fineness = _coarsest(base, new, gate) if is_finite else None
    if fineness is not None:
        found.append(_Try(forms.EVEN.name, *encode(base, new, forms.EVEN, forms.even(fineness))))
    return found


def _coarsest(base: Arrays, new: Arrays, gate: Gate) -> int | None:
    """The coarsest even steps that pass, found by halving: quality falls as steps grow. None when none pass."""
    low, high = FINEST, COARSEST + 1  # low would pass, high would not
    if gate.measure(_stepped(base, new, low)) < gate.floor:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if gate.measure(_stepped(base, new, middle)) >= gate.floor:
            low = middle
        else:
            high = middle
    return low


def _stepped(base: Arrays, new: Arrays, fineness: int) -> list[Floats]:
    """What even steps arrive at, without writing them down."""
    result = []
    for old, now in zip(map(as_rows, base), map(as_rows, new), strict=True):
        exponents = np.full(len(old), forms.typical(old, now) + fineness)
        with np.errstate(over="ignore"):
            result.append(added(old, quantised(forms.difference(old, now), exponents), exponents))
    return [array.reshape(old.shape) for array, old in zip(result, base, strict=True)]
