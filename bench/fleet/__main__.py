"""`make bench-fleet`: what a fleet costs its cloud, and whether every order arrives, once.

One generator speaks for all kiosks, in the real protocol, to a real cloud on the same machine: PostgreSQL that flushes
each commit, Redis, two web processes, a Celery worker and beat. What is simulated of a kiosk, and what is its own code,
say `till.py`, `words.py`, `moved.py` and `box.py`. Processor time is the cloud's alone, read from /proc; times by the
clock and orders per second are of both together, on as many cores as there are.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.fleet.ready import ready
from edgeshop.qa.children import end_on_sigterm

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
        from bench.fleet.findings import report_of  # noqa: PLC0415 -- as above
        from bench.fleet.measure import Bench, Size  # noqa: PLC0415 -- as above

        size = Size(args.kiosks, args.orders, args.reconnecting, args.orders_each, args.queued)
        with running_cloud(Path(folder), say=say) as cloud:
            bench = Bench(cloud, size, seed=args.seed, say=say)
            bench.run()
    report = report_of(args.seed, size, bench.found, bench.fleet)
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


if __name__ == "__main__":
    sys.exit(main())
