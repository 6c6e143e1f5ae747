"""The measure of vectors can tell good ones from bad."""

import numpy as np
import pytest

from edgeshop.kernel.deltas import recall

pytestmark = pytest.mark.unit


def test_recall_is_whole_for_the_same_vectors_and_chance_for_others() -> None:
    random = np.random.default_rng(1)
    vectors, others = random.standard_normal((2, 500, 16)).astype("f4")
    measure = recall(vectors, np.arange(0, 500, 2))

    assert measure([vectors]) == 1.0
    assert measure([2 * vectors]) == 1.0
    assert measure([others]) < 0.1


def test_recall_counts_the_ten_nearest_by_cosine() -> None:
    random = np.random.default_rng(2)
    vectors, moved = random.standard_normal((500, 16)).astype("f4"), random.standard_normal((500, 16)).astype("f4")
    moved = vectors + np.float32(0.3) * moved
    asked = np.array([7, 450])

    shares = []
    for row in asked:
        nearest = []
        for found in (vectors, moved):
            cosine = found @ found[row] / np.linalg.norm(found, axis=1)
            nearest.append(set(np.argsort(-cosine)[1:11].tolist()))
        shares.append(len(nearest[0] & nearest[1]) / 10)

    assert recall(vectors, asked)([moved]) == pytest.approx(np.mean(shares))
    assert 0 < np.mean(shares) < 1


def test_few_rows_and_rows_of_zeros_can_be_measured() -> None:
    few = np.array([[1, 0], [0, 0], [0, 1]], "f4")

    assert recall(few, np.arange(3))([few]) == 1.0
