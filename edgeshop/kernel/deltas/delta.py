"""A delta between two versions of some arrays: made for one base, and sure of where it arrives.

| bytes | field |
| --- | --- |
| 4 | magic `EDL1` |
| 1 | the form's number |
| 32 | sha256 of the base |
| 32 | sha256 of the reconstruction |
| rest | one section per array, empty where it is the base's |
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from edgeshop.kernel.deltas import sections
from edgeshop.kernel.deltas.errors import BadDelta
from edgeshop.kernel.deltas.forms import BY_NUMBER, Encode, Form
from edgeshop.kernel.deltas.rows import Floats, as_rows
from edgeshop.kernel.errors import InvalidInput

MAGIC = b"EDL1"
_HEAD = len(MAGIC) + 1 + 32 + 32

Arrays = Sequence[Floats]


def prepared(arrays: Arrays) -> list[Floats]:
    """The arrays as this package works on them: little endian, one number after another."""
    return [np.asarray(array, "<f4", order="C") for array in arrays]


def digest(arrays: Arrays) -> bytes:
    """The sha256 that names a version: of every array its shape and its bytes, little endian."""
    sha256 = hashlib.sha256()
    for array in prepared(arrays):
        sha256.update(np.array([array.ndim, *array.shape], "<u8").tobytes())
        sha256.update(array.tobytes())
    return sha256.digest()


def encode(base: Arrays, new: Arrays, form: Form, encode_array: Encode | None = None) -> tuple[bytes, list[Floats]]:
    """A delta in one form, and what everybody gets who applies it: that is the next version, not `new`.

    Shapes: as many arrays on both sides, of the same shapes, float32. `encode_array` writes the form in a finer or a
    coarser way. Raises: InvalidInput.
    """
    write = encode_array or form.encode
    base, new = prepared(base), prepared(new)
    if [array.shape for array in base] != [array.shape for array in new]:
        raise InvalidInput("A delta leads between arrays of the same shapes.")
    with np.errstate(over="ignore"):  # what a form cannot hold becomes infinite, and does not pass any gate
        parts = [
            b"" if old.tobytes() == now.tobytes() else write(as_rows(old), as_rows(now))
            for old, now in zip(base, new, strict=True)
        ]
    body = sections.join(parts)
    result = _read(body, base, form)
    return MAGIC + bytes([form.number]) + digest(base) + digest(result) + body, result


def apply(delta: bytes, base: Arrays) -> list[Floats]:
    """The next version. Raises: BadDelta, and the base is as it was."""
    if len(delta) < _HEAD or delta[:4] != MAGIC or delta[4] not in BY_NUMBER:
        raise BadDelta("This is no delta that this release can read.", reason="form")
    base_sha256, result_sha256 = delta[5:37], delta[37:_HEAD]
    if base_sha256 != digest(base):
        raise BadDelta("This delta leads on from another version.", reason="base", base=base_sha256.hex())
    result = _read(delta[_HEAD:], prepared(base), BY_NUMBER[delta[4]])
    if digest(result) != result_sha256:
        raise BadDelta("This delta does not arrive at what it promises.", reason="result", result=result_sha256.hex())
    return result


def _read(body: bytes, base: Arrays, form: Form) -> list[Floats]:
    with np.errstate(all="ignore"):  # a damaged delta may lead to infinity; the digest finds it
        return [
            form.decode(part, as_rows(old)).reshape(old.shape) if part else old.copy()
            for part, old in zip(sections.split(body, len(base)), base, strict=True)
        ]
