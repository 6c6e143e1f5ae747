"""What sync costs on the wire: bytes of TCP payload both ways, headers and signatures included, by real servers.

The workload is `bench/sync/workload.py` of the shared folder, unchanged. Peers were measured on it before, the same
way: PouchDB 9 against express-pouchdb 4 (plain and gzip), and Morango 0.8 (plain and gzip).
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import django

from bench.sync.counting import Count
from bench.sync.cuts import Cuts, compared
from bench.sync.generator import SHARED, WORKLOAD, Rows, day, workload
from bench.sync.scene import Scene
from edgeshop.kernel.report import Goal, Report

_LAST = 121  # days, when everything but the cuts has been measured
_PEERS = {
    "initial_bytes": {
        "couchdb": 6_774_489,
        "couchdb_gzip": 2_399_902,
        "morango": 11_737_157,
        "morango_gzip": 1_311_262,
    },
    "initial_requests": {"couchdb": 504, "couchdb_gzip": 504, "morango": 54, "morango_gzip": 54},
    "change_1pct_bytes": {"couchdb": 74_658, "couchdb_gzip": 29_332, "morango": 136_072, "morango_gzip": 29_791},
    "idle_contact_bytes": {"couchdb": 6_320, "couchdb_gzip": 6_550, "morango": 35_477, "morango_gzip": 30_655},
    "orders_1000_bytes": {"couchdb": 712_650, "couchdb_gzip": 664_777, "morango": 141_828, "morango_gzip": 140_117},
}


def main() -> int:
    """Measure, print one table, answer the exit status."""
    args = _arguments()
    began, source = time.monotonic(), args.shared / WORKLOAD.relative_to(SHARED)
    if not source.exists():
        print(f"{source} is not here: nothing is measured.")
        return 0
    report = Report("bench-sync", args.seed or 0)
    with (
        tempfile.TemporaryDirectory(prefix="edgeshop-sync-") as folder,
        Scene(Path(folder), source, args.seed, kiosks=2) as scene,
    ):
        generator = workload(source, args.seed)
        _down(scene, report, generator)
        _repair(scene, report, day(generator, generator.catalogue(), 1))
        _up(scene, report, generator)
        _away(scene, report, generator)
        _cuts(scene, report, generator)
    if not args.quick:
        _artefacts(report, args)
    report.peers |= {f"{goal}_{peer}": value for goal, told in _PEERS.items() for peer, value in told.items()}
    report.details["wall_s"] = round(time.monotonic() - began, 1)
    return report.conclude(args.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-sync", description=__doc__)
    parser.add_argument("--seed", type=int, help="another workload than the anchors'")
    parser.add_argument("--json", type=Path, help="write the report there")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder of the workload and of real sales")
    parser.add_argument("--quick", action="store_true", help="leave out the artefacts")
    return parser.parse_args()


def _wrong(scene: Scene, rows: Rows, kiosk: int = 0) -> int:
    """Products that a kiosk holds otherwise than the workload says."""
    held = scene.do("state", kiosk=kiosk)
    prices = dict(held["prices"])
    there = {
        sku: (said["name"], said.get("description"), said.get("keywords"), changed_at, prices.get(pk))
        for pk, sku, texts, changed_at, _ in held["products"]
        for said in [texts["en"]]
    }
    names = ("name", "description", "tags", "updated_at", "price_cents")
    return sum(there.get(row["sku"]) != tuple(row[name] for name in names) for row in rows)


def _down(scene: Scene, report: Report, generator: ModuleType) -> None:
    first, core, text = scene.counted("ask"), scene.counted("fetch"), scene.counted("fetch")
    rows = generator.catalogue()
    wrong = _wrong(scene, rows)
    initial, requests = first.total + core.total + text.total, first.requests + core.requests + text.requests
    for _ in range(2):  # until the cloud remembers all that the kiosk says
        scene.do("ask")
    idle = scene.counted("ask")
    scene.do("forget_keys")
    morning = scene.counted("ask")
    scene.change(1, 1)
    changed = scene.counted("ask")
    new = day(generator, rows, 1)
    report.controls.append(Goal("rows_wrong_by_the_old_workload", _wrong(scene, rows), ">=", 1, "rows"))
    report.goals += [
        Goal("rows_wrong", wrong + _wrong(scene, new), "==", 0, "rows"),
        Goal("initial_bytes", initial, "<=", 230_000, "bytes"),
        Goal("initial_requests", requests, "<=", 3, "requests"),
        Goal("sellable_bytes", first.total + core.total, "<=", 102_000, "bytes"),
        Goal("change_1pct_bytes", changed.total, "<=", 1_300, "bytes"),
        Goal("idle_contact_bytes", idle.total, "<=", 650, "bytes"),
        Goal("first_contact_bytes", morning.total, "<=", 900, "bytes"),
    ]
    report.details |= {"change_1pct_requests": changed.requests, "idle_requests": idle.requests}


def _up(scene: Scene, report: Report, generator: ModuleType) -> None:
    rows = day(generator, generator.catalogue(), 1)
    orders = [order | {"book": 2} for order in generator.orders(rows)]
    facts = scene.do("sell", orders=orders)["facts"]
    sent = scene.counted("meet")
    report.goals.append(Goal("orders_1000_bytes", sent.total, "<=", 19_000, "bytes"))
    report.details |= {"orders_1000_requests": sent.requests, "orders_1000_facts": facts, "orders_1000_up": sent.up}


def _repair(scene: Scene, report: Report, rows: Rows) -> None:
    scene.do("spoil")
    report.controls.append(Goal("rows_wrong_before_the_repair", _wrong(scene, rows), ">=", 1, "rows"))
    mended = scene.counted("meet")
    report.goals.append(Goal("repair_one_row_bytes", mended.total, "<=", 2_500, "bytes"))
    report.goals.append(Goal("rows_wrong_after_the_repair", _wrong(scene, rows), "==", 0, "rows"))


def _away(scene: Scene, report: Report, generator: ModuleType) -> None:
    """After 30 days, and after 90 more, at 1 % a day."""
    for first, last, most in ((2, 31, 13_000), (32, _LAST, 30_000)):
        scene.do("meet")
        scene.change(first, last)
        days = last - first + 1
        report.goals.append(Goal(f"away_{days}d_bytes", scene.counted("meet").total, "<=", most, "bytes"))
    wrong = _wrong(scene, _days(generator, _LAST))
    report.goals.append(Goal("rows_wrong_after_121_days", wrong, "==", 0, "rows"))


def _cuts(scene: Scene, report: Report, generator: ModuleType) -> None:
    """Another kiosk begins, hears of a day and of a month, and sells, on a link that breaks everywhere."""
    cuts = Cuts(scene)
    cuts.through("ask", Count(up=1_500, down=500))
    while size := scene.do("have", kiosk=1)["size"]:
        cuts.through("fetch", Count(up=300, down=size))
    for first, last in ((_LAST + 1, _LAST + 1), (_LAST + 2, _LAST + 31)):
        scene.do("meet", kiosk=1)
        scene.change(first, last)
        cuts.lock_step("ask")
    rows = _days(generator, _LAST + 31)
    orders = [order | {"book": scene.do("state")["book"]} for order in generator.orders(rows)[:400]]
    scene.do("sell", kiosk=1, orders=orders)
    report.controls.append(Goal("cut_lost_before_any_contact", compared(scene)["lost"], ">=", 1, "orders"))
    for _ in range(3):
        cuts.through("ask", Count(up=2_000, down=400))
    scene.do("meet", kiosk=1)
    report.goals += cuts.goals(rows_wrong=_wrong(scene, rows, kiosk=1))
    report.details |= {"cuts": cuts.broken, "cuts_worst": cuts.worst}


def _days(generator: ModuleType, last: int) -> Rows:
    rows = generator.catalogue()
    for number in range(1, last + 1):
        rows = day(generator, rows, number)
    return rows


def _artefacts(report: Report, args: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edgeshop.settings.test")
    django.setup()
    from bench.sync_artefacts import measure_artefacts  # noqa: PLC0415 -- needs Django

    found = measure_artefacts(args.seed or 1, args.shared)
    if "skipped" in found:
        report.details["artefacts"] = found["skipped"]
        return
    for name, op, wanted in (
        ("vectors_incremental_bytes", "<=", 33_000),
        ("vectors_incremental_recall", ">=", 0.999),
        ("vectors_retrain_bytes", "<=", 300_000),
        ("vectors_retrain_recall", ">=", 0.99),
        ("table_weekly_delta_bytes", "<=", 20_480),
    ):
        report.goals.append(Goal(name, found[name], op, wanted, "share" if "recall" in name else "bytes"))
    report.details["artefacts"] = {
        name: said for name, said in found.items() if name not in {g.id for g in report.goals}
    }


if __name__ == "__main__":
    sys.exit(main())
