"""`pytest tests/unit/recommend --write-golden` trains the golden table anew and records its rankings."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgeshop.recommend.services.table import Table
from tests.unit.recommend import golden


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="record the golden ranking files anew")


@pytest.fixture(scope="session")
def recorded(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The golden cases: name, basket, k, items, scored, confidence."""
    if request.config.getoption("--write-golden", default=False):
        golden.write()
    cases: list[dict[str, Any]] = json.loads(golden.CASES.read_text(encoding="utf-8"))["cases"]
    return cases


@pytest.fixture(scope="session")
def table(recorded: list[dict[str, Any]]) -> Table:
    """The golden table, after any rewriting."""
    return Table.from_bytes(golden.TABLE.read_bytes())


@pytest.fixture
def models(settings: Any, tmp_path: Path) -> Path:
    """An empty state folder for this test; the answer is where its tables will be."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    return tmp_path / "models"
