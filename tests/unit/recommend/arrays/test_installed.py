"""Vectors in use: read once for as long as they stay, never half a file, and products are likened by them."""

import logging
from pathlib import Path

import numpy as np
import pytest

from edgeshop.recommend.errors import ArraysMalformed
from edgeshop.recommend.services import arrays_here, install, similar, vectors_here
from edgeshop.recommend.services.arrays import installed
from edgeshop.recommend.services.arrays.file import ArrayFile
from tests.unit.recommend import golden

pytestmark = pytest.mark.unit
COLD = 7_000_001
IDS = np.array([1, 2, 4, COLD], "i4")
FILE = ArrayFile({"vectors": np.array([[1, 0], [0, 1], [-1, 0.1], [0.2, 1]], "f4")}, IDS)


def test_nothing_is_here_at_first(models: Path) -> None:
    assert vectors_here() is None
    assert arrays_here("weights") is None
    assert similar(COLD) == []


def test_products_that_the_table_does_not_know_are_likened_by_their_vectors(models: Path) -> None:
    install(golden.TABLE.read_bytes())
    known = golden.product_id(0)
    by_table = similar(known, 3)

    installed.install("vectors", FILE.to_bytes())

    assert similar(COLD, 6) == [2, 1]
    assert similar(COLD, 1) == [2]
    assert similar(COLD + 1) == similar(3) == []
    assert similar(known, 3) == by_table != []


def test_another_file_is_read_the_same_one_is_not(models: Path) -> None:
    installed.install("vectors", FILE.to_bytes())
    first = vectors_here()
    same = vectors_here()

    installed.install("vectors", ArrayFile({"vectors": FILE.arrays["vectors"][:2]}, IDS[:2]).to_bytes())

    assert first is not None
    assert same is not None
    assert same[1] is first[1]
    later = vectors_here()
    assert later is not None
    assert later[0].tolist() == [1, 2]


@pytest.mark.parametrize(
    "bad",
    [
        ArrayFile({"vectors": FILE.arrays["vectors"]}),
        ArrayFile({"others": FILE.arrays["vectors"]}, IDS),
        ArrayFile({"vectors": np.full((4, 2), np.nan, "f4")}, IDS),
        ArrayFile({"vectors": np.zeros((4, 2, 2), "f4")}, IDS),
    ],
)
def test_what_are_no_vectors_is_refused_and_the_ones_in_use_stay(models: Path, bad: ArrayFile) -> None:
    installed.install("vectors", FILE.to_bytes())

    with pytest.raises(ArraysMalformed):
        installed.install("vectors", bad.to_bytes())

    assert installed.installed("vectors") == FILE.to_bytes()


def test_vectors_that_the_disk_spoilt_are_as_none(models: Path, caplog: pytest.LogCaptureFixture) -> None:
    installed.install("vectors", FILE.to_bytes())
    (models / "vectors.npz").write_bytes(FILE.to_bytes()[:-9])

    with caplog.at_level(logging.WARNING):
        assert vectors_here() is None
        assert similar(COLD) == []

    assert len(caplog.records) == 1
