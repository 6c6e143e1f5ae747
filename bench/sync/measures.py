"""Bytes and requests of one kiosk's life on a link that holds: it begins, hears of changes, is mended, sells, is away.

The goals name their units; all of them go into the report that is handed in.
"""

from bench.sync.generator import Rows, Workload, day, days
from bench.sync.scene import Scene
from edgeshop.kernel.report import Goal, Report

LAST = 121  # days, when all of this has been measured


def measure(scene: Scene, report: Report, workload: Workload) -> None:
    """All of it, in this order: what is measured later finds the kiosk as what came before has left it."""
    rows = workload.catalogue()
    _begin(scene, report, rows)
    rows = _hear(scene, report, workload, rows)
    _repair(scene, report, rows)
    _sell(scene, report, workload, rows)
    _be_away(scene, report, workload)


def wrong(scene: Scene, rows: Rows, kiosk: int = 0) -> int:
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


def _begin(scene: Scene, report: Report, rows: Rows) -> None:
    first, core, text = scene.counted("ask"), scene.counted("fetch"), scene.counted("fetch")
    sell_s = first.told["seconds"] + core.told["seconds"]
    report.details |= {
        "time_to_sell_s": round(sell_s, 2),  # on the loopback: from the first word to the core taken, decoding included
        "time_to_sell_first_answer_s": round(first.told["seconds"], 2),  # the cloud packs the files meanwhile
        "time_to_sell_decoding_share": round(core.told["decoding_s"] / sell_s, 2),
    }
    report.goals += [
        Goal("rows_wrong_at_first", wrong(scene, rows), "==", 0, "rows"),
        Goal("initial_bytes", first.total + core.total + text.total, "<=", 230_000, "bytes"),
        Goal("initial_requests", first.requests + core.requests + text.requests, "<=", 3, "requests"),
        Goal("sellable_bytes", first.total + core.total, "<=", 102_000, "bytes"),
    ]


def _hear(scene: Scene, report: Report, workload: Workload, rows: Rows) -> Rows:
    for _ in range(2):  # until the cloud remembers all that the kiosk says
        scene.do("ask")
    idle = scene.counted("ask")
    scene.do("forget_keys")
    morning = scene.counted("ask")
    scene.change(1, 1)
    changed, new = scene.counted("ask"), day(workload, rows, 1)
    report.controls.append(Goal("rows_wrong_by_the_old_workload", wrong(scene, rows), ">=", 1, "rows"))
    report.goals += [
        Goal("rows_wrong_after_a_day", wrong(scene, new), "==", 0, "rows"),
        Goal("change_1pct_bytes", changed.total, "<=", 1_300, "bytes"),
        Goal("change_1pct_requests", changed.requests, "==", 1, "requests"),
        Goal("idle_contact_bytes", idle.total, "<=", 650, "bytes"),
        Goal("idle_requests", idle.requests, "==", 1, "requests"),
        Goal("first_contact_bytes", morning.total, "<=", 900, "bytes"),
    ]
    return new


def _repair(scene: Scene, report: Report, rows: Rows) -> None:
    scene.do("spoil")
    report.controls.append(Goal("rows_wrong_before_the_repair", wrong(scene, rows), ">=", 1, "rows"))
    mended = scene.counted("meet")
    report.goals.append(Goal("repair_one_row_bytes", mended.total, "<=", 2_500, "bytes"))
    report.goals.append(Goal("rows_wrong_after_the_repair", wrong(scene, rows), "==", 0, "rows"))


def _sell(scene: Scene, report: Report, workload: Workload, rows: Rows) -> None:
    orders = [order | {"book": 2} for order in workload.orders(rows)]
    facts = scene.do("sell", orders=orders)["facts"]
    sent = scene.counted("meet")
    report.goals.append(Goal("orders_1000_bytes", sent.total, "<=", 19_000, "bytes"))
    report.details |= {"orders_1000_requests": sent.requests, "orders_1000_facts": facts, "orders_1000_up": sent.up}


def _be_away(scene: Scene, report: Report, workload: Workload) -> None:
    """After 30 days, and after 90 more, at 1 % a day."""
    for first, last, most in ((2, 31, 13_000), (32, LAST, 30_000)):
        scene.do("meet")
        scene.change(first, last)
        away = scene.counted("meet")
        report.goals.append(Goal(f"away_{last - first + 1}d_bytes", away.total, "<=", most, "bytes"))
    report.goals.append(Goal("rows_wrong_after_121_days", wrong(scene, days(workload, LAST)), "==", 0, "rows"))
