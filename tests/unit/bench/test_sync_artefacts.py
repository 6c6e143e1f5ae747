"""The measurement of artefact deltas says why it measured nothing."""

from pathlib import Path

import pytest

from bench.sync_artefacts import measure_artefacts

pytestmark = pytest.mark.unit


def test_without_the_workload_it_says_what_is_missing(tmp_path: Path) -> None:
    assert measure_artefacts(1, tmp_path) == {"skipped": f"{tmp_path / 'bench/sync/workload.py'} is not here"}
