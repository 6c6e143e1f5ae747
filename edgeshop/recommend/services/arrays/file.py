"""Named arrays in one file: numpy's own `.npz`, uncompressed, and the same arrays always give the same bytes.

The array `ids`, where there is one, says which product each row of every other array is about.
"""

import zlib
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from edgeshop.kernel.deltas import Arrays
from edgeshop.recommend.errors import ArraysMalformed
from edgeshop.recommend.services.id_delta import Ids
from edgeshop.recommend.services.table import ROWS_MAX

IDS, _SUFFIX = "ids", ".npy"
_UNREADABLE = (BadZipFile, ValueError, EOFError, OSError, RuntimeError, zlib.error)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class ArrayFile:
    """Shapes: ids [n] int32, ascending; then every array is [n, ...]. float32, by name in alphabetical order."""

    arrays: dict[str, Floats]
    ids: Ids | None = None

    def to_bytes(self) -> bytes:
        """The file; the zip in it bears no date."""
        named = self.arrays if self.ids is None else self.arrays | {IDS: self.ids}
        target = BytesIO()
        with ZipFile(target, "w") as file:
            for name, array in sorted(named.items()):
                file.writestr(ZipInfo(name + _SUFFIX), _npy(array))
        return target.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "ArrayFile":
        """Read a file that anybody wrote with `numpy.savez`. Raises: ArraysMalformed."""
        try:
            with ZipFile(BytesIO(data)) as file:
                named = {name.removesuffix(_SUFFIX): _array(file.read(name)) for name in file.namelist()}
        except _UNREADABLE as error:
            raise ArraysMalformed("This is no file of arrays.", reason="form") from error
        ids = named.pop(IDS, None)
        _check(named, ids)
        return cls(dict(sorted(named.items())), ids)

    def with_values(self, values: Arrays, ids: Ids | None) -> "ArrayFile":
        """Other numbers under the same names."""
        return replace(self, arrays=dict(zip(self.arrays, values, strict=True)), ids=ids)


def _npy(array: NDArray[np.float32] | Ids) -> bytes:
    target = BytesIO()
    plain = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
    npy.write_array(target, plain, version=(1, 0), allow_pickle=False)
    return target.getvalue()


def _array(data: bytes) -> NDArray[Any]:
    array: NDArray[Any] = npy.read_array(BytesIO(data), allow_pickle=False)
    return array


def _check(arrays: dict[str, Floats], ids: Ids | None) -> None:
    if not arrays or any(array.dtype != np.float32 for array in arrays.values()):
        raise ArraysMalformed("A file of arrays holds float32 and nothing else, but for its ids.", reason="numbers")
    if ids is None:
        return
    if ids.dtype != np.int32 or ids.ndim != 1 or not 0 < len(ids) <= ROWS_MAX or (np.diff(ids) <= 0).any():
        raise ArraysMalformed("Ids are int32, ascending, each once.", reason="ids", rows_max=ROWS_MAX)
    if any(array.shape[:1] != ids.shape for array in arrays.values()):
        raise ArraysMalformed("Every array has a row for each id.", reason="rows")
