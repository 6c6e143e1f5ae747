"""A cloud with a state folder of its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def cloud(settings: Any, tmp_path: Path) -> Path:
    """The folder of its signed targets."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    return tmp_path / "artefacts" / "targets" / "models"
