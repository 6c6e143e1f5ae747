"""The shared workload's generator, as it is, and what else may stand in its place."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

SHARED = Path(__file__).resolve().parents[3] / "shared"
WORKLOAD = SHARED / "bench" / "sync" / "workload.py"
Rows = list[dict[str, Any]]


class Workload(Protocol):
    """Products, how they change from day to day, and orders."""

    def catalogue(self) -> Rows: ...
    def change_1pct(self, rows: Rows, round_no: int) -> tuple[Rows, list[str]]: ...
    def orders(self, rows: Rows) -> list[dict[str, Any]]: ...


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


def read(file: Path | str, seed: int | None = None) -> Workload:
    """The workload in a file: its generator, or the real sales that it holds."""
    if Path(file).suffix == ".py":
        return workload(file, seed)
    from bench.sync.sales import Sales  # noqa: PLC0415 -- wants Django

    return Sales(Path(file))


def day(workload: Workload, rows: Rows, number: int) -> Rows:
    """The products after another day."""
    new: Rows = workload.change_1pct(rows, number)[0]
    return new


def days(workload: Workload, last: int) -> Rows:
    """The products after so many days."""
    rows = workload.catalogue()
    for number in range(1, last + 1):
        rows = day(workload, rows, number)
    return rows
