"""`make bench-fleet`: what a fleet costs its cloud, and whether every order arrives, once.

One generator speaks for all kiosks, in the real protocol, to a real cloud on the same machine: PostgreSQL that flushes
each commit, Redis, two web processes, a Celery worker and beat. What is simulated of a kiosk, and what is its own code,
say `till.py`, `words.py` and `box.py`. Processor time is the cloud's alone, read from /proc; times by the clock and
orders per second are of both together, on as many cores as there are.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.fleet.ready import ready
from edgeshop.kernel.report import Goal, Report
from edgeshop.qa.children import end_on_sigterm

if TYPE_CHECKING:
    from bench.fleet.measure import Bench, Size

_SEED = 20261129


def main() -> int:
    """Run everything, print the table, write the JSON."""
    args = _arguments()
    end_on_sigterm()
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="edgeshop-fleet-") as folder:
        ready(Path(folder))
        from bench.fleet.cloud import running_cloud  # noqa: PLC0415 -- needs Django
        from bench.fleet.measure import Bench, Size  # noqa: PLC0415 -- as above

        size = Size(args.kiosks, args.orders, args.reconnecting, args.orders_each, args.queued)
        with running_cloud(Path(folder), say=say) as cloud:
            bench = Bench(cloud, size, seed=args.seed, say=say)
            bench.run()
    report = _report(args.seed, bench, size)
    report.details["wall_s"] = round(time.monotonic() - began, 1)
    return report.conclude(args.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-fleet", description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED, help="moves baskets, moments of return and lost answers")
    parser.add_argument("--json", type=Path, help="write the report there")
    parser.add_argument("--kiosks", type=int, default=200, help="the largest of four fleets, up to 2000")
    parser.add_argument("--orders", type=int, default=5, help="orders of each kiosk in each of the four runs")
    parser.add_argument("--reconnecting", type=int, default=100, help="kiosks that come back in the same second")
    parser.add_argument("--orders-each", type=int, default=50, help="orders of each of those")
    parser.add_argument("--queued", type=int, default=1000, help="orders of the one kiosk behind a 4G link")
    return parser.parse_args()


def _report(seed: int, bench: "Bench", size: "Size") -> Report:
    from bench.fleet.measure import exponent  # noqa: PLC0415 -- needs Django

    found, seen = bench.found, bench.fleet.seen
    counted, withheld, doubled = (found.counted[name] for name in ("fleet", "withheld", "doubled"))
    orders = size.reconnecting * size.orders_each
    odd = [said for box in bench.fleet.boxes.values() for said in box.memory.odd]
    return Report(
        "bench-fleet",
        seed,
        goals=[
            Goal("lost", counted.lost, "==", 0, f"of {counted.settled} orders"),
            Goal("duplicated", counted.duplicated, "==", 0, "orders"),
            Goal("changed", counted.changed, "==", 0, "orders"),
            Goal("units_off", counted.units_off, "==", 0, "pieces on the shelves"),
            Goal("in_review", counted.in_review, "==", 0, "orders"),
            Goal("odd_sections", len(odd), "==", 0, "answers"),
            Goal("http_5xx", seen.http_5xx, "==", 0, f"of {len(seen.contacts)} contacts"),
            Goal("cost_growth_exponent", round(exponent(found.sizes, found.cpu_s), 3), "<=", 1.05, "of the fleet"),
            Goal("reconnect_100_s", round(found.reconnect_s, 1), "<=", 300, "s"),
            Goal("drain_1000_s", round(found.drain_s, 1), "<=", 60, "s"),
        ],
        controls=[
            Goal("lost_where_one_is_withheld", withheld.lost, ">=", 1, "orders"),
            Goal("duplicated_where_one_comes_twice", doubled.duplicated, ">=", 1, "orders"),
        ],
        details={
            "orders": counted.settled,
            "settle_orders_per_s": round(orders / found.reconnect_s, 1),
            "contact_p95_ms": round(found.idle_p95_ms, 1),
            "contact_p95_ms_reconnecting": round(found.facts_p95_ms, 1),
            "cpu_ms_per_order": round(1000 * found.reconnect_cpu_s / orders, 2),
            "cpu_ms_per_idle_contact": round(found.idle_cpu_ms, 2),
            "rows_per_order": round(sum(found.reconnect_rows.values()) / orders, 2),
            "rows": found.reconnect_rows,
            "egress_rows": found.egress_rows,
            "tables_held": sum(bool(box.memory.table) for box in bench.fleet.boxes.values()),
            "cpu_ms_per_kiosk": {n: round(1000 * s / n, 1) for n, s in zip(found.sizes, found.cpu_s, strict=True)},
            "cpu_ms_per_first_contact": [round(1000 * s, 1) for s in found.arrival_cpu_s],
            "statuses": seen.statuses,
            "refused": seen.refused,
            "broken": seen.broken,
            "odd": odd[:5],
        },
    )


if __name__ == "__main__":
    sys.exit(main())
