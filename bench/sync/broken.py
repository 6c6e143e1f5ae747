"""What a link costs that breaks everywhere: another kiosk begins, hears of a day and of a month, and sells."""

from functools import partial

from bench.sync.books import CUT, acknowledged, compared, sold
from bench.sync.cuts import Cuts
from bench.sync.generator import Rows, Workload, days
from bench.sync.measures import LAST, wrong
from bench.sync.scene import Scene
from edgeshop.kernel.report import Goal, Report

_ORDERS = 400


def measure_cuts(scene: Scene, report: Report, workload: Workload) -> None:
    """The second kiosk's life over that link; then the books of both ends are laid side by side."""
    unseen: set[str] = set()

    def watch() -> None:
        nonlocal unseen
        unseen |= acknowledged(scene) - set(sold(scene.cloud_file))

    cuts = Cuts(partial(scene.do, kiosk=CUT), scene.proxies[CUT], watch)
    _begin(scene, cuts)
    _hear(scene, cuts)
    rows = days(workload, LAST + 31)
    _sell(scene, report, cuts, workload, rows)
    scene.do("meet", kiosk=CUT)
    _conclude(report, cuts, compared(scene) | {"rows": wrong(scene, rows, CUT), "unseen": len(unseen)})


def _begin(scene: Scene, cuts: Cuts) -> None:
    cuts.all_of("ask")
    while scene.do("have", kiosk=CUT)["size"]:
        cuts.through("fetch")


def _hear(scene: Scene, cuts: Cuts) -> None:
    for first, last in ((LAST + 1, LAST + 1), (LAST + 2, LAST + 31)):
        scene.do("meet", kiosk=CUT)
        scene.change(first, last)
        cuts.all_of("ask")


def _sell(scene: Scene, report: Report, cuts: Cuts, workload: Workload, rows: Rows) -> None:
    book = scene.do("state", kiosk=CUT)["book"]
    orders = [order | {"book": book} for order in workload.orders(rows)[:_ORDERS]]
    scene.do("sell", kiosk=CUT, orders=orders)
    report.controls.append(Goal("cut_lost_before_any_contact", compared(scene)["lost"], ">=", 1, "orders"))
    cuts.all_of("ask")


def _conclude(report: Report, cuts: Cuts, found: dict[str, int]) -> None:
    report.goals += [
        Goal("cuts_missed", cuts.missed, "==", 0, "cuts"),
        Goal("cut_lost", found["lost"] + found["changed"] + found["rows"], "==", 0, "orders and rows"),
        Goal("cut_duplicated", found["duplicated"], "==", 0, "orders and units"),
        Goal("cut_acknowledged_unseen", found["unseen"], "==", 0, "orders"),
        Goal("cut_waste_up_bytes", cuts.waste("up"), "<=", 2_000, "bytes"),
        Goal("cut_waste_down_bytes", cuts.waste("down"), "<=", 4_000, "bytes"),
    ]
    for place, transfer in enumerate(cuts.transfers, start=1):
        report.details[f"cut_{place}_{transfer.step}"] = {
            "bytes": transfer.size,
            "cuts": transfer.fired,
            "waste": transfer.waste,
            "worst": transfer.worst,
            "requests_max": transfer.requests_max,
        }
