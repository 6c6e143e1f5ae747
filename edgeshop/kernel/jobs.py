"""Jobs by name: lower floors ask for work, the roof decides what runs it. A lost job is late work, never lost work,
because every job can be found again in the database by its sweeper."""

from collections.abc import Callable
from typing import Any

Runner = Callable[[str, dict[str, Any]], None]
_runner: Runner | None = None


def bind(runner: Runner) -> None:
    """Say what runs jobs in this process; called once, by the roof."""
    global _runner
    _runner = runner


def enqueue(name: str, **kwargs: Any) -> None:
    """Ask for a job `app.thing`; arguments are ids. Call it from `transaction.on_commit`."""
    if _runner is not None:
        _runner(name, kwargs)
