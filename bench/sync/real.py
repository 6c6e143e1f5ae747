"""The same counting on real sales: a shop begins, hears of one day's prices, and sells a thousand real baskets.

Bytes have no goals here, since nobody else was measured on them; that the kiosk holds the right rows is one.
"""

from pathlib import Path

from bench.sync.generator import SHARED, Rows, day, read
from bench.sync.measures import wrong
from bench.sync.scene import Scene
from edgeshop.kernel.report import Goal, Report

SALES = SHARED / "data" / "online_retail.csv.gz"


def measure_real(report: Report, root: Path, file: Path) -> None:
    """All of it, into the report's details."""
    if not file.exists():
        report.details["real"] = f"{file} is not here"
        return
    workload = read(file)
    rows = workload.catalogue()
    with Scene(root / "real", file, None) as scene:
        found = _begin(scene, rows)
        bad = wrong(scene, rows)
        found |= {"idle_bytes": _idle(scene)}
        scene.change(1, 1)
        new, heard = day(workload, rows, 1), scene.counted("meet")
        bad += wrong(scene, new)
        found |= {"day_prices_changed": sum(a != b for a, b in zip(rows, new, strict=True)), "day_bytes": heard.total}
        orders = [order | {"book": 2} for order in workload.orders(new)]
        facts, sent = scene.do("sell", orders=orders)["facts"], scene.counted("meet")
    lines = sum(len(order["lines"]) for order in orders)
    found |= {"orders": len(orders), "order_lines": lines, "facts": facts}
    found |= {"orders_bytes": sent.total, "orders_requests": sent.requests}
    report.goals.append(Goal("real_rows_wrong", bad, "==", 0, "rows"))
    report.details |= {f"real_{name}": value for name, value in found.items()}


def _begin(scene: Scene, rows: Rows) -> dict[str, int]:
    """From nothing: by bundles where the shop is large enough for them, else page by page."""
    total, requests, sellable, step = 0, 0, 0, "ask"
    while step:
        moved = scene.counted(step)
        total, requests = total + moved.total, requests + moved.requests
        if not sellable and not wrong(scene, rows):
            sellable = total
        is_more = moved.told.get("is_more")
        step = "fetch" if scene.do("have")["size"] else "ask" if is_more else ""
    return {"products": len(rows), "initial_bytes": total, "initial_requests": requests, "sellable_bytes": sellable}


def _idle(scene: Scene) -> int:
    for _ in range(2):  # until the cloud remembers all that the kiosk says
        scene.do("ask")
    return scene.counted("ask").total
