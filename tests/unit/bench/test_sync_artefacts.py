"""The measurement of artefact deltas says why it measured nothing, and its gate can tell good vectors from bad."""

from pathlib import Path

import numpy as np
import pytest

from bench.sync_artefacts import measure_artefacts, recall

pytestmark = pytest.mark.unit


def test_without_the_workload_it_says_what_is_missing(tmp_path: Path) -> None:
    assert measure_artefacts(1, tmp_path) == {"skipped": f"{tmp_path / 'bench/sync/workload.py'} is not here"}


def test_recall_is_whole_for_the_same_vectors_and_chance_for_others() -> None:
    random = np.random.default_rng(1)
    vectors, others = random.standard_normal((2, 500, 16)).astype("f4")
    measure = recall(vectors, np.arange(0, 500, 5))

    assert measure([vectors]) == 1.0
    assert measure([2 * vectors]) == 1.0
    assert measure([others]) < 0.1
