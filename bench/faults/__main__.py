"""`make simulate-faults`: does a shop lose, double, change or oversell anything, whatever breaks and whenever?"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.faults import campaign
from edgeshop.kernel.report import Goal, Report

_FIRST, _SEEDS, _ORDERS = 1, 1_000, 20  # 100 checkouts each take several times the ten minutes
_SHOWN = 3  # failing seeds whose trace is printed
_PLANT_ORDERS = 20


def main() -> int:
    """Run the seeds, plant the bugs, print the table, write the JSON."""
    args = _arguments()
    campaign.ready()
    if args.seed is not None:
        return _replay(args)
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", file=sys.stderr, flush=True)

    report = Report("simulate-faults", args.first)
    tally = campaign.spread(range(args.first, args.first + args.seeds), args.orders, say, jobs=args.jobs)
    report.goals.append(Goal("wall_s", round(time.monotonic() - began, 1), "<=", 600, "s"))
    _goals(report, tally, args)
    _plants(report, args, say)
    _show(tally, args)
    return report.conclude(args.json)


def _arguments() -> argparse.Namespace:
    from edgeshop.qa.simulation.names import PLANTED  # noqa: PLC0415 -- beside the parser that offers them

    parser = argparse.ArgumentParser(prog="make simulate-faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=_SEEDS, help="how many runs")
    parser.add_argument("--first", type=int, default=_FIRST, help="the first seed; the others follow it")
    parser.add_argument("--orders", type=int, default=_ORDERS, help="checkouts tried in each run")
    parser.add_argument("--seed", type=int, help="replay this one seed and print what happened in it")
    parser.add_argument("--plant", choices=PLANTED, default="", help="with --seed: put this bug in first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--json", type=Path, help="write the report there")
    parser.add_argument("--no-plants", action="store_true", help="leave the planted bugs out")
    return parser.parse_args()


def _goals(report: Report, tally: campaign.Tally, args: argparse.Namespace) -> None:
    report.goals += [
        Goal("seeds", tally.seeds, ">=", _SEEDS, "seeds"),
        Goal("orders_per_seed", args.orders, ">=", 100, "checkouts"),
    ]
    report.goals += [Goal(kind, tally.broken[kind], "==", 0, f"of {tally.orders} checkouts") for kind in campaign.KINDS]
    report.details["happened"] = dict(tally.events.most_common())
    report.details["failed_seeds"] = [done.seed for done in tally.failed]


def _plants(report: Report, args: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Each planted bug, until it is found; timed apart."""
    from edgeshop.qa.simulation.names import PLANTED  # noqa: PLC0415 -- as above

    if args.no_plants:
        return
    began, found = time.monotonic(), {}
    seeds = range(args.first, args.first + campaign.PLANTED_MAX)
    for plant in PLANTED:
        found[plant] = campaign.first_found(plant, seeds, _PLANT_ORDERS, jobs=args.jobs)
        say(f"planted {plant}: " + (f"found by run {found[plant]}" if found[plant] else "not found"))
    caught = sum(place is not None for place in found.values())
    report.goals.append(Goal("planted_bugs_found", caught, ">=", len(PLANTED), f"within {campaign.PLANTED_MAX} seeds"))
    report.details |= {"planted_found_by_run": found, "planted_wall_s": round(time.monotonic() - began, 1)}


def _show(tally: campaign.Tally, args: argparse.Namespace) -> None:
    for done in tally.failed[:_SHOWN]:
        print("\n".join([*done.trace, *done.problems]))
        print(f"Again: python -m bench.faults --seed {done.seed} --orders {args.orders}\n")


def _replay(args: argparse.Namespace) -> int:
    done = campaign.one(args.seed, args.orders, args.plant)
    print("\n".join([*done.trace, *done.problems, f"trace {done.digest}"]))
    return 1 if done.broken else 0


if __name__ == "__main__":
    sys.exit(main())
