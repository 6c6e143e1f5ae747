"""What sync costs on the wire: bytes of TCP payload both ways, headers and signatures included, by real servers.

The workload is `bench/sync/workload.py` of the shared folder, unchanged.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.sync import artefacts
from bench.sync.broken import measure_cuts
from bench.sync.generator import SHARED, WORKLOAD, read
from bench.sync.measures import measure
from bench.sync.peers import PEERS
from bench.sync.real import SALES, measure_real
from bench.sync.scene import Scene
from bench.sync.seeds import compare_seeds
from edgeshop.kernel.report import Report


def main() -> int:
    """Measure, print one table, answer the exit status."""
    args = _arguments()
    began, source = time.monotonic(), args.shared / WORKLOAD.relative_to(SHARED)
    if not source.exists():
        print(f"{source} is not here: nothing is measured.")
        return 0
    report = Report("bench-sync", args.seed or 0)
    with tempfile.TemporaryDirectory(prefix="edgeshop-sync-") as folder:
        _on_wire(report, Path(folder), source, args)
    if not args.quick:
        artefacts.measure(report, args.seed or 1, args.shared)
    report.peers |= PEERS
    report.details["wall_s"] = round(time.monotonic() - began, 1)
    return report.conclude(args.json)


def _on_wire(report: Report, root: Path, source: Path, args: argparse.Namespace) -> None:
    workload = read(source, args.seed)
    with Scene(root / "own", source, args.seed, kiosks=2) as scene:
        measure(scene, report, workload)
        measure_cuts(scene, report, workload)
    if args.seeds:
        compare_seeds(report, root, source, args.seeds)
    if args.real:
        measure_real(report, root, args.shared / SALES.relative_to(SHARED))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-sync", description=__doc__)
    parser.add_argument("--seed", type=int, help="another workload than the anchors'")
    parser.add_argument("--json", type=Path, help="write the report there")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder of the workload and of real sales")
    parser.add_argument("--quick", action="store_true", help="leave out the artefacts and other seeds")
    parser.add_argument("--seeds", type=_numbers, help="other seeds to compare the bytes of, as 7,11")
    parser.add_argument("--real", action="store_true", help="count real sales too")
    args = parser.parse_args()
    if args.seeds is None:
        args.seeds = [] if args.quick else [7, 11]
    return args


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


if __name__ == "__main__":
    sys.exit(main())
