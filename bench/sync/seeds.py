"""The bytes of other seeds: none of the goals may hold by the luck of one draw."""

from collections.abc import Sequence
from pathlib import Path

from bench.sync.generator import read
from bench.sync.measures import measure
from bench.sync.scene import Scene
from edgeshop.kernel.report import Goal, Report

_MOST_PCT = 3


def compare_seeds(report: Report, root: Path, source: Path, seeds: Sequence[int]) -> None:
    """Measure the same with each of these seeds, and by how much its bytes differ from the report's own at most."""
    own, worst = _bytes(report), 0.0
    for seed in seeds:
        other = Report(report.name, seed)
        with Scene(root / f"seed-{seed}", source, seed) as scene:
            measure(scene, other, read(source, seed))
        found = _bytes(other)
        off = {name: round(100 * (found[name] / own[name] - 1), 2) for name in found}
        worst = max(worst, *map(abs, off.values()))
        report.details[f"seed_{seed}_bytes"] = found
        report.details[f"seed_{seed}_off_pct"] = off
        report.goals += [
            Goal(f"seed_{seed}_{goal.id}", goal.value, goal.op, goal.goal, goal.unit)
            for goal in other.goals
            if not goal.holds
        ]
    report.goals.append(Goal("other_seeds_deviation_pct", worst, "<=", _MOST_PCT, "%"))


def _bytes(report: Report) -> dict[str, float]:
    """The values of the goals on bytes that a link that holds takes."""
    names = {"initial", "sellable", "change", "idle", "first", "repair", "orders", "away"}
    return {
        goal.id: goal.value
        for goal in report.goals
        if goal.unit == "bytes" and goal.id.partition("_")[0] in names and goal.value is not None
    }
