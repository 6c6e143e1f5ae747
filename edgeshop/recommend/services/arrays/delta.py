"""From one file of arrays to a later one: one step for each version in between, each as `kernel.deltas` makes it.

| bytes | field |
| --- | --- |
| 4 | magic `ESAD` |
| 1 | format = 1 |
| 1 | how many steps |
| rest | a section per step: which ids go and come (empty without ids), and the delta of the arrays in file order |

What a lossy step arrives at is reached from its own base only. So who is several versions behind takes them one after
another, in one artefact.
"""

import numpy as np

from edgeshop.kernel.deltas import BadDelta, Chosen, Gate, choose, sections
from edgeshop.kernel.deltas import apply as apply_to_arrays
from edgeshop.recommend.errors import ArraysMalformed
from edgeshop.recommend.services import id_delta
from edgeshop.recommend.services.alignment import places
from edgeshop.recommend.services.arrays.file import ArrayFile, Floats
from edgeshop.recommend.services.id_delta import Ids

MAGIC = b"ESAD\1"
_HEAD = len(MAGIC) + 1


def is_alike(base: ArrayFile, new: ArrayFile) -> bool:
    """Whether a delta can lead from one to the other: the same names, and shapes but for products that come and go."""
    first = 0 if base.ids is None else 1
    shapes = [{name: array.shape[first:] for name, array in file.arrays.items()} for file in (base, new)]
    return (base.ids is None) == (new.ids is None) and shapes[0] == shapes[1]


def aligned(base: ArrayFile, ids: Ids | None) -> list[Floats]:
    """The base's arrays with a row for each of these ids, zeros where it has none."""
    if base.ids is None or ids is None:
        return list(base.arrays.values())
    stays, place = places(base.ids, ids)
    result = [np.zeros((len(ids), *array.shape[1:]), np.float32) for array in base.arrays.values()]
    for array, old in zip(result, base.arrays.values(), strict=True):
        array[place[stays]] = old[stays]
    return result


def step(base: ArrayFile, new: ArrayFile, gate: Gate) -> tuple[bytes, ArrayFile, Chosen] | None:
    """A delta of one step between files that are alike, the version it leads to and how it was chosen.

    None when no form passes the gate.
    """
    chosen = choose(aligned(base, new.ids), list(new.arrays.values()), gate)
    if chosen is None:
        return None
    ids = b"" if base.ids is None or new.ids is None else id_delta.encode(base.ids, new.ids)
    way = _of_steps([sections.join([ids, chosen.delta])])
    return way, new.with_values(chosen.arrays, new.ids), chosen


def join(first: bytes, then: bytes) -> bytes:
    """One delta after another. Raises: BadDelta."""
    return _of_steps(_steps(first) + _steps(then))


def apply(delta: bytes, base: bytes) -> bytes:
    """The new file. Raises: BadDelta, and the base is as it was."""
    try:
        file = ArrayFile.from_bytes(base)
        for part in _steps(delta):
            file = _taken(file, *sections.split(part, 2))
    except (ArraysMalformed, ValueError, IndexError) as error:
        raise BadDelta("The delta's parts do not fit together.", reason="content") from error
    return file.to_bytes()


def _taken(file: ArrayFile, ids_part: bytes, arrays_part: bytes) -> ArrayFile:
    ids = None if file.ids is None else id_delta.decode(ids_part, file.ids)
    return file.with_values(apply_to_arrays(arrays_part, aligned(file, ids)), ids)


def _of_steps(parts: list[bytes]) -> bytes:
    return MAGIC + bytes([len(parts)]) + sections.join(parts)


def _steps(delta: bytes) -> list[bytes]:
    if len(delta) < _HEAD or not delta.startswith(MAGIC):
        raise BadDelta("This is no delta of arrays that this release can read.", reason="form")
    return sections.split(delta[_HEAD:], delta[len(MAGIC)])
