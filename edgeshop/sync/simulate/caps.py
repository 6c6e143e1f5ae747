"""Months under a cap: steered nightly, and open loop as the control, with rates as planned and with a jump."""

from collections.abc import Sequence
from dataclasses import dataclass

from edgeshop.sync.schedule.plan import Plan
from edgeshop.sync.schedule.workload import Floats
from edgeshop.sync.simulate.fleet import Fleet
from edgeshop.sync.simulate.frontier import Say
from edgeshop.sync.simulate.run import WARM_UP_DAYS, live
from edgeshop.sync.simulate.steered import Steered
from edgeshop.sync.simulate.world import Jump, make_world

JUMP_PART, JUMP_FACTOR = 1 / 3, 1.6  # of the month that is over: day 10 of 30


@dataclass(frozen=True, slots=True)
class Month:
    """Spend as a part of the cap, one per seed, and harm per thousand requests on average."""

    spent: Floats
    harm: float


def under_cap(
    fleet: Fleet, plan: Plan, daily: Floats, *, days: int, seeds: Sequence[int], say: Say
) -> dict[str, Month]:
    """Months by what was done and what happened: steered and open loop, as planned and after the jump."""
    months = {}
    cap = fleet.cap_usd_month * days / 30
    requests = float(fleet.workload.kinds.weights[0].sum(-1) @ fleet.counts) * days
    for when, jump in (("", None), ("_after_jump", Jump(WARM_UP_DAYS + int(days * JUMP_PART), JUMP_FACTOR))):
        world = make_world(
            fleet.workload, fleet.counts, days=WARM_UP_DAYS + days, seeds=seeds, jump=jump, outages=fleet.traces
        )
        for name, is_open_loop in (("steered", False), ("open_loop", True)):
            say(f"under the cap: {name}{when.replace('_', ' ')}, {len(seeds)} seeds")
            outcome = live(world, Steered(world, plan, daily, cap, days=days, is_open_loop=is_open_loop))
            harm = 1e3 * float(outcome.harm.sum()) / world.runs / requests
            months[name + when] = Month(outcome.per_run(world, outcome.money) / cap, harm)
    return months
