"""The one report of everything that measures, benches and commands alike: a table for people, one JSON object for
machines, an exit status."""

import json
import operator
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_OPS: dict[str, Callable[[float, float], bool]] = {"==": operator.eq, "<=": operator.le, ">=": operator.ge}
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Goal:
    """One measured value against its goal. A value that was not measured is None and does not hold."""

    id: str
    value: float | None
    op: str
    goal: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.value is not None and _OPS[self.op](self.value, self.goal)


@dataclass(slots=True)
class Report:
    """Goals, the controls and peers measured in the same run, and figures without a goal.

    A control is what must go wrong where the thing measured is taken away; one that does not makes the goals worthless.
    """

    name: str
    seed: int
    goals: list[Goal] = field(default_factory=list)
    controls: list[Goal] = field(default_factory=list)
    peers: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every goal is met and every control failed; a report without goals proves nothing."""
        return bool(self.goals) and all(goal.holds for goal in [*self.goals, *self.controls])

    def to_json(self) -> str:
        """The object that machines read."""
        goals = [asdict(goal) | {"holds": goal.holds} for goal in self.goals]
        return json.dumps(
            {
                "name": self.name,
                "seed": self.seed,
                "commit": _commit(),
                "goals": goals,
                "peers": {control.id: control.value for control in self.controls} | self.peers,
                "details": self.details,
            },
            indent=1,
        )

    def conclude(self, to: Path | None) -> int:
        """Print the table and write the object to a file where one is named; answers the exit status."""
        sys.stdout.write(f"{self.table()}\n")
        if to is not None:
            to.write_text(self.to_json(), encoding="utf-8")
        return 0 if self.holds else 1

    def table(self) -> str:
        """The table that people read."""
        rows = [("goal", "value", "", "wanted", "unit", "holds")]
        rows += [(g.id, _short(g.value), g.op, _short(g.goal), g.unit, "yes" if g.holds else "NO") for g in self.goals]
        rows += [
            (c.id, _short(c.value), c.op, _short(c.goal), c.unit, "control" if c.holds else "NO") for c in self.controls
        ]
        rows += [(name, _short(value), "", "", "", "peer") for name, value in self.peers.items()]
        widths = [max(len(row[i]) for row in rows) for i in range(6)]
        widths[0] = max([widths[0], *map(len, self.details)])
        rows += [(name, _short(value), "", "", "", "") for name, value in self.details.items()]  # as long as they are
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],  # noqa: S607 -- git is found on the PATH by design
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"
