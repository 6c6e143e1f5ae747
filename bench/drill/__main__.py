"""`make drill`: sell through a double outage and a power cut on real parts, then count every order.

Exit status 0 only when nothing is lost, doubled, changed, oversold or missing. `--broken` runs a deliberately broken
variant of the harness, which must fail: a count that cannot fail proves nothing.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from bench.drill import goods, latency, ledger
from bench.drill.scenario import Drill, Story
from edgeshop.kernel.report import Goal, Report
from edgeshop.qa import sabotage
from edgeshop.qa.children import end_on_sigterm
from edgeshop.qa.node import REPOSITORY, Say
from edgeshop.qa.stack import Stack

_SEED = 20261123
_PAST_EXPIRY = timedelta(hours=13)  # tokens live twelve
_CLOUD_ONLY_TRIES = 5
BROKEN = ("idempotency", "outbox")
_SWEEP_AND_SYNC = """
from django.core.management import call_command
from edgeshop.checkout.tasks import sweep
sweep()
call_command("sync")
"""


def main() -> int:
    """Run the drill, print its table, write its JSON."""
    args = _arguments()
    end_on_sigterm()
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="edgeshop-drill-") as folder:
        report = _drill(Path(folder), args, say)
    report.details["wall_s"] = round(time.monotonic() - began, 1)
    return report.conclude(args.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED, help="moves faults, baskets and their order")
    parser.add_argument("--json", type=Path, help="write the report there")
    parser.add_argument("--data", type=Path, help="sell real transactions' products instead of the built-in shop")
    parser.add_argument("--broken", choices=BROKEN, help="a variant of the harness that must fail")
    return parser.parse_args()


def _drill(folder: Path, args: argparse.Namespace, say: Say) -> Report:
    broken = {"PYTHONPATH": os.pathsep.join([sabotage.path_for("idempotency"), str(REPOSITORY)])}
    settings = broken if args.broken == "idempotency" else {}
    with Stack(folder, kiosks=2, seed=args.seed, data=args.data, settings=settings, say=say) as stack:
        stack.set_up()
        last = goods.add_last_one(stack.cloud)
        stack.start()
        with sync_playwright() as playwright:
            drill = Drill(stack, playwright, last=last, seed=args.seed, say=say, forgetful=args.broken == "outbox")
            story = drill.run()
            say("measuring suggestions: cloud-only, at the kiosk, in the browser")
            found = _measure(stack, playwright, drill)
            say("letting the tokens expire")
            _expire(stack, drill)
            drill.close()
        counted = _count(stack, story)
        books = ledger.read(stack.cloud.state / "cloud.sqlite3")
    return _report(args, story, found, counted, books)


def _measure(stack: Stack, playwright: Playwright, drill: Drill) -> latency.Latencies:
    far = stack.kiosks[1]
    stack.kiosks[0].front.down()
    drill.ann.wait_for_mode("screen_alone")
    plain = {p: name for p, name in drill.goods.items() if p not in drill.story.strict}
    found = latency.measure(playwright, baseline=far.front, edge=drill.ann.page, names=plain, tries=_CLOUD_ONLY_TRIES)
    stack.kiosks[0].front.up()
    return found


def _expire(stack: Stack, drill: Drill) -> None:
    """Past every token's expiry the browsers report what they never spent; what nobody reports is unaccounted."""
    for shopper in (drill.ann, drill.bob):
        shopper.wait_for_mode("connected", "shop_alone")
    stack.clock.forward(_PAST_EXPIRY)
    for shopper, kiosk in ((drill.ann, stack.kiosks[0]), (drill.bob, stack.kiosks[1])):
        shopper.restart()
        shopper.wait_ready(tokens=1)
        kiosk.manage("shell", "--no-imports", "-c", _SWEEP_AND_SYNC)


def _count(stack: Stack, story: Story) -> ledger.Counted:
    last_drawn: dict[tuple[int, int], int] = {}
    for kiosk in stack.kiosks:
        last_drawn |= ledger.drawn(kiosk.state / "kiosk.sqlite3")
    return ledger.count(
        ledger.read(stack.cloud.state / "cloud.sqlite3"),
        sold=story.sold,
        wiped=story.wiped,
        unaccounted=story.unaccounted,
        strict=story.strict,
        last_drawn=last_drawn,
    )


def _report(
    args: argparse.Namespace, story: Story, found: latency.Latencies, counted: ledger.Counted, books: ledger.Ledger
) -> Report:
    report = Report("drill", args.seed)
    cloud, browser = found.cloud, found.browser
    report.goals = [
        Goal("lost", len(counted.lost), "==", 0, "orders"),
        Goal("duplicated", len(counted.duplicated), "==", 0, "orders"),
        Goal("changed", len(counted.changed), "==", 0, "orders"),
        Goal("oversold", counted.oversold, "==", 0, "units"),
        Goal("receipt_gaps", len(counted.receipt_gaps), "==", 0, "numbers"),
        Goal("unaccounted_missed", len(counted.unaccounted_missed), "==", 0, "numbers"),
        Goal("upload_delay_s_first", story.upload_delay_s, "<=", 5, "s"),
        Goal("failed_checkouts_edge", len(story.failed), "==", 0, "checkouts"),
        Goal("latency_ratio_p50", cloud.in_page_ms / browser.in_page_ms, ">=", 20, "cloud / edge"),
    ]
    report.controls = [Goal("failed_checkouts_cloud_only", found.failed_cloud_only, ">=", 1, "checkouts")]
    report.peers = {
        "recommend_ms_p50_cloud": round(cloud.in_page_ms, 1),
        "tried_checkouts_cloud_only": found.tried_cloud_only,
    }
    settled = [n for n, entry in books.orders.items() if entry.delivery == "settled"]
    report.details = {
        "orders_placed": len(story.sold),
        "orders_settled": len(settled),
        "orders_in_review": len(books.in_review),
        "lost": len(counted.lost),
        "duplicated": len(counted.duplicated),
        "changed": len(counted.changed),
        "oversold": counted.oversold,
        "receipt_gaps": len(counted.receipt_gaps),
        "unaccounted_expected": len(story.unaccounted),
        "unaccounted_found": len(counted.unaccounted_found),
        "recommend_ms_p50_cloud": round(cloud.in_page_ms, 1),
        "recommend_ms_p50_kiosk": round(found.kiosk.in_page_ms, 1),
        "recommend_ms_p50_browser": round(browser.in_page_ms, 2),
        "latency_ratio_p50_laid_out": round(cloud.laid_out_ms / browser.laid_out_ms, 1),
        "failed_checkouts_cloud_only": found.failed_cloud_only,
        "failed_checkouts_edge": len(story.failed),
        "upload_delay_s_first": None if story.upload_delay_s is None else round(story.upload_delay_s, 2),
        "strict_refused": story.refused_strict,
        "provisional": sum(sold.is_provisional for sold in story.sold),
        "problems": [*story.failed, *counted.lost, *counted.duplicated, *counted.changed, *counted.receipt_gaps],
    }
    return report


if __name__ == "__main__":
    sys.exit(main())
