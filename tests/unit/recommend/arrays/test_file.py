"""Files of arrays: the same bytes for the same arrays, numpy's own format, and nothing else is taken."""

import hashlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from edgeshop.recommend.errors import ArraysMalformed
from edgeshop.recommend.services.arrays.file import ArrayFile

pytestmark = pytest.mark.unit
IDS = np.array([3, 5], "i4")
PAIR = np.arange(4, dtype="f4").reshape(2, 2)


def saved(**arrays: Any) -> bytes:
    target = BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


def test_bytes_are_the_same_on_every_machine_and_in_every_release() -> None:
    data = ArrayFile({"b": PAIR, "a": PAIR.T}, IDS).to_bytes()

    assert data == ArrayFile({"a": PAIR.T, "b": PAIR.copy()}, IDS).to_bytes()
    assert hashlib.sha256(data).hexdigest() == "82eb44591b88f9a6fa5438fad1f3b0bf5496ff71dbb67136b5c720e6a48ab632"


def test_numpy_reads_what_we_write_and_we_what_numpy_writes() -> None:
    with np.load(BytesIO(ArrayFile({"a": PAIR}, IDS).to_bytes()), allow_pickle=False) as file:
        assert sorted(file.files) == ["a", "ids"]
        assert file["a"].tolist() == PAIR.tolist()

    read = ArrayFile.from_bytes(saved(b=PAIR, a=PAIR.T, ids=IDS))

    assert list(read.arrays) == ["a", "b"]
    assert read.to_bytes() == ArrayFile({"a": PAIR.T, "b": PAIR}, IDS).to_bytes()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "form"),
        (b"PK\3\4 and no more", "form"),
        (ArrayFile({"a": PAIR}, IDS).to_bytes().replace(b"<f4", b"<q4"), "form"),
        (saved(a=np.array([{"of": "pickle"}], object)), "form"),
        (saved(), "numbers"),
        (saved(a=PAIR.astype("f8")), "numbers"),
        (saved(a=PAIR, ids=IDS.astype("i8")), "ids"),
        (saved(a=PAIR, ids=IDS[::-1]), "ids"),
        (saved(a=PAIR, ids=np.array([3, 3], "i4")), "ids"),
        (saved(a=PAIR[:0], ids=IDS[:0]), "ids"),
        (saved(a=PAIR[:1], ids=IDS), "rows"),
        (saved(a=np.array(1, "f4"), ids=IDS), "rows"),
    ],
)
def test_anything_else_is_refused_with_its_first_fault(data: bytes, reason: str) -> None:
    with pytest.raises(ArraysMalformed) as refused:
        ArrayFile.from_bytes(data)

    assert refused.value.fields["reason"] == reason
