"""One run of the simulator from fleet to report: measure, hold against the goals, and keep what the picture shows."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from edgeshop.kernel.report import Goal, Report
from edgeshop.sync.schedule.plan import Plan, solve
from edgeshop.sync.schedule.table import TABLE_BYTES_MAX
from edgeshop.sync.simulate import egress
from edgeshop.sync.simulate.caps import Month, under_cap
from edgeshop.sync.simulate.egress import Band
from edgeshop.sync.simulate.fleet import Fleet
from edgeshop.sync.simulate.frontier import CADENCES, HOURLY, KNOWN, NO_PUSH, POLLING, Frontier, Point, Say, draw
from edgeshop.sync.simulate.policies import Tables
from edgeshop.sync.simulate.run import WARM_UP_DAYS, live
from edgeshop.sync.simulate.world import World, make_world

_SPEED_NODES = {"seconds_120": 120, "seconds_10000": 10_000}
_SPEED_GOALS = {"seconds_120": 5, "seconds_10000": 60}
_CAP_SEED = 1_000  # seeds of capped months lie this far from those that forecasts were made with


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is simulated. `mus` are prices of money, in requests hurt per dollar."""

    days: int = 30
    seeds: int = 8
    mus: tuple[float, ...] = tuple(np.geomspace(30, 30_000, 10).tolist())
    cap_seeds: int = 20
    speeds: tuple[str, ...] = ("seconds_120", "seconds_10000")
    has_vectors: bool = True


QUICK = Scale(seeds=2, mus=(100.0, 1_000.0, 10_000.0), cap_seeds=3, speeds=(), has_vectors=False)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was measured."""

    fleet: Fleet
    frontier: Frontier
    months: dict[str, Month]
    by_class: list[Band]
    by_stream: list[Band]
    by_vector: list[Band]
    seconds: dict[str, float]
    table_bytes: int


def simulate(fleet: Fleet, scale: Scale, seed: int, say: Say) -> Found:
    """Run everything. Takes about two minutes of one core at full scale; `say` hears of each step."""
    workload, days = fleet.workload, scale.days
    plan = solve(workload, scale.mus, say=say)
    say(f"making {scale.seeds} histories of {days} days for {fleet.nodes} nodes")
    world = _world(fleet, days, range(seed, seed + scale.seeds))
    frontier = draw(fleet, world, plan, days, say)
    cap_seeds = range(seed + _CAP_SEED, seed + _CAP_SEED + scale.cap_seeds)
    months = under_cap(fleet, plan, frontier.daily, days=days, seeds=cap_seeds, say=say)
    ours = _nearest_to_cap(frontier, fleet)
    by_cadence = {cadence: frontier.outcomes[f"every {cadence}"] for cadence in CADENCES}
    by_policy = by_cadence | {"hand-tuned": frontier.outcomes["hand-tuned"], egress.OURS: frontier.outcomes[ours.name]}
    vectors = fleet if scale.has_vectors else None
    return Found(
        fleet=fleet,
        frontier=frontier,
        months=months,
        by_class=egress.by_class(fleet, world, by_policy, days),
        by_stream=egress.by_stream(world, by_policy, days),
        by_vector=egress.by_vector(vectors, world, by_cadence, ours.mu or 0.0, days, say) if vectors else [],
        seconds={name: _seconds(fleet.of_size(_SPEED_NODES[name]), plan, days, say) for name in scale.speeds},
        table_bytes=max(len(table.to_bytes()) for tables in plan.tables for table in tables),
    )


def report_on(found: Found, seed: int) -> Report:
    """The goals, the control, the peers and the details."""
    report = Report("simulate", seed)
    report.goals += [*_gap_goals(found), *_cap_goals(found)]
    report.goals += [
        Goal("table_bytes", found.table_bytes, "<=", TABLE_BYTES_MAX, "bytes"),
        *(Goal(name, round(s, 2), "<=", _SPEED_GOALS[name], "s of one core") for name, s in found.seconds.items()),
    ]
    open_loop = float(found.months["open_loop_after_jump"].spent.mean())
    report.controls.append(Goal("open_loop_after_jump", round(open_loop, 4), ">=", 1.02, "of the cap"))
    for point in found.frontier.points:
        if point.family not in (KNOWN, NO_PUSH, POLLING):
            report.peers[point.name] = _said(point)
    report.peers |= {"optimal_polling_times_ours_at_hourly_harm": _times(found, POLLING, NO_PUSH)}
    report.peers |= {"hand_tuned_times_ours_at_its_harm": _hand_tuned_times(found)}
    report.details |= {"nodes": found.fleet.nodes, "bound_holds_for_links": not found.fleet.has_traces}
    report.details |= {f"harm_{name}": round(month.harm, 2) for name, month in found.months.items()}
    return report


def as_json(found: Found) -> dict[str, Any]:
    """Frontier, months and egress as plain data."""
    return {
        "frontier": [asdict(p) | {"gap_pct": p.gap_pct} for p in found.frontier.points],
        "months": {name: {"spent": m.spent.round(5).tolist(), "harm": m.harm} for name, m in found.months.items()},
        "egress_mb_node_month": {
            "by_class": [asdict(b) for b in found.by_class],
            "by_stream": [asdict(b) for b in found.by_stream],
            "by_vector": [asdict(b) for b in found.by_vector],
        },
    }


def _world(fleet: Fleet, days: int, seeds: Sequence[int]) -> World:
    return make_world(fleet.workload, fleet.counts, days=WARM_UP_DAYS + days, seeds=seeds, outages=fleet.traces)


def _nearest_to_cap(frontier: Frontier, fleet: Fleet) -> Point:
    return min(frontier.of(NO_PUSH), key=lambda p: abs(np.log(max(p.usd, 1e-9) / max(fleet.cap_usd_month, 1e-9))))


def _seconds(fleet: Fleet, plan: Plan, days: int, say: Say) -> float:
    """Seconds of one core for one history and one policy, tables without push: `days` and the warm-up before them."""
    say(f"timing {fleet.nodes} nodes")
    began = time.process_time()
    world = _world(fleet, days, [0])
    live(world, Tables(world, plan.tables[len(plan.mus) // 2], has_push=False))
    return time.process_time() - began


def _gap_goals(found: Found) -> list[Goal]:
    ratio = _times(found, HOURLY, NO_PUSH)
    gaps = [] if found.fleet.has_traces else [("gap_known_backlog_pct", KNOWN, 3.0), ("gap_no_push_pct", NO_PUSH, 6.0)]
    return [
        *(Goal(name, _worst_gap(found, family), "<=", goal, "% above the bound") for name, family, goal in gaps),
        Goal("cost_ratio_to_hourly", ratio, ">=", 4.0, "times ours at its harm"),
    ]


def _worst_gap(found: Found, family: str) -> float:
    """The worst gap of a family over all prices; endless where the bound says nothing."""
    gaps = [p.gap_pct for p in found.frontier.of(family)]
    return round(max(np.inf if gap is None else gap for gap in gaps), 2)


def _cap_goals(found: Found) -> list[Goal]:
    steady, jumped = found.months["steered"].spent, found.months["steered_after_jump"].spent
    return [
        Goal("cap_mean", round(float(steady.mean()), 4), "<=", 1.0, "of the cap"),
        Goal("cap_worst", round(float(steady.max()), 4), "<=", 1.01, f"worst of {len(steady)} seeds"),
        Goal("cap_worst_after_jump", round(float(jumped.max()), 4), "<=", 1.01, f"worst of {len(jumped)} seeds"),
    ]


def _times(found: Found, theirs: str, ours: str) -> float | None:
    """How many times our money they need at the harm of hourly contacts."""
    hourly = next(p for p in found.frontier.points if p.name == HOURLY)
    usd = hourly.usd if theirs == HOURLY else found.frontier.usd_at(theirs, hourly.harm)
    return _ratio(usd, found.frontier.usd_at(ours, hourly.harm))


def _hand_tuned_times(found: Found) -> float | None:
    by_hand = next(p for p in found.frontier.points if p.name == "hand-tuned")
    return _ratio(by_hand.usd, found.frontier.usd_at(NO_PUSH, by_hand.harm))


def _ratio(theirs: float | None, ours: float | None) -> float | None:
    return round(theirs / ours, 2) if theirs and ours else None


def _said(point: Point) -> str:
    return f"{point.usd:.2f} USD, {point.harm:.2f} harm"
