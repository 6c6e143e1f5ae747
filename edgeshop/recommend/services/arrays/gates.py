"""What a new version must still be good for after it has been rounded off."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from edgeshop.kernel.deltas import Gate, recall
from edgeshop.recommend.services.arrays.delta import aligned
from edgeshop.recommend.services.arrays.file import ArrayFile, Floats

VECTORS = "vectors"  # the one array of the artefact of that name
QUERIES = 500  # of each kind of row
LOST_MAX = {VECTORS: 0.01}  # of a hundred neighbours one
LOST_MAX_OTHERWISE = 0.001  # a tenth of a point of what is measured

Measure = Callable[[dict[str, Floats]], float]
GateOf = Callable[[ArrayFile | None, ArrayFile], Gate]


def keeps_neighbours(lost_max: float) -> GateOf:
    """Of the ten nearest all but that share stay: asked at all rows, at those that changed, and at those that are new.

    The mean of all would not notice that the few rows are wrong for whose sake the version was made.
    """

    def gate(base: ArrayFile | None, new: ArrayFile) -> Gate:
        vectors = new.arrays[VECTORS]
        measures = [recall(vectors, rows) for rows in _asked(base, new) if len(rows)] if len(vectors) > 1 else []
        return Gate(lambda got: min((measure(got) for measure in measures), default=1.0), 1 - lost_max)

    return gate


def keeps(measure: Measure, lost_max: float) -> GateOf:
    """What the caller measures, the arrays given by name, is less by no more than that."""

    def gate(_base: ArrayFile | None, new: ArrayFile) -> Gate:
        return Gate(lambda got: measure(dict(zip(new.arrays, got, strict=True))), measure(new.arrays) - lost_max)

    return gate


def _asked(base: ArrayFile | None, new: ArrayFile) -> list[NDArray[np.int64]]:
    """The rows to ask at, of each kind at most QUERIES, the same ones every time."""
    random = np.random.default_rng(1)
    rows = np.arange(len(new.arrays[VECTORS]))
    kinds = [rows]
    if base is not None and base.ids is not None and new.ids is not None:
        changed = (aligned(base, new.ids)[0] != new.arrays[VECTORS]).any(axis=1)
        kinds += [rows[changed]] if not changed.all() else []
        kinds += [rows[~np.isin(new.ids, base.ids)]]
    return [random.permutation(kind)[:QUERIES] for kind in kinds]
