"""The shared workload's generator, as it is."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = Path(__file__).resolve().parents[3] / "shared"
WORKLOAD = SHARED / "bench" / "sync" / "workload.py"
Rows = list[dict[str, Any]]


def workload(file: Path | str, seed: int | None = None) -> ModuleType:
    """The generator; with another seed than its own where one is given."""
    spec = importlib.util.spec_from_file_location("workload", file)
    assert spec is not None  # noqa: S101 -- a file of this ending has one
    assert spec.loader is not None  # noqa: S101 -- the same
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if seed is not None:
        module.SEED = seed  # type: ignore[attr-defined]  # -- the generator's own
    return module


def day(generator: ModuleType, rows: Rows, number: int) -> Rows:
    """The products after another day."""
    new: Rows = generator.change_1pct(rows, number)[0]
    return new
