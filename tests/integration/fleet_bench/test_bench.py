"""The fleet bench, very small: it runs against a real cloud, everything arrives once, and its controls fail."""

import json
import subprocess
import sys
from typing import Any

import pytest

from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.postgres import has_postgres

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not has_postgres(), reason="PostgreSQL is not installed: apt-get install postgresql"),
]
_SMALL = ["--kiosks=4", "--orders=1", "--reconnecting=4", "--orders-each=5", "--queued=30", "--seed=7"]
_IN_THE_BOOKS = {"lost", "duplicated", "changed", "units_off", "in_review"}
_BY_THE_CLOCK = {"cost_growth_exponent", "reconnect_100_s", "drain_1000_s"}  # of such a small run they say nothing


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one run has found."""
    file = tmp_path_factory.mktemp("fleet") / "report.json"
    argv = [sys.executable, "-m", "bench.fleet", *_SMALL, "--json", str(file)]
    done = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=240)
    assert file.exists(), done.stderr[-2000:]
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_everything_arrives_once_and_nothing_is_refused(report: dict[str, Any]) -> None:
    missed = {goal["id"]: goal["value"] for goal in report["goals"] if not goal["holds"]}
    assert missed.keys() <= _BY_THE_CLOCK, missed
    assert report["details"]["orders"] == 2 * 1 + 4 * 1 + 4 * 5 + 30  # two fleets, the crowd, the drain
    assert report["details"]["broken"].get("AnswerLost", 0) >= 1


def test_every_goal_is_reported(report: dict[str, Any]) -> None:
    assert {goal["id"] for goal in report["goals"]} == _IN_THE_BOOKS | _BY_THE_CLOCK | {"odd_sections", "http_5xx"}
    assert report["details"].keys() >= {"settle_orders_per_s", "contact_p95_ms", "cpu_ms_per_order"}


def test_kiosks_tell_what_they_have_moved_and_hold_the_table_that_they_are_given(report: dict[str, Any]) -> None:
    assert report["details"]["egress_rows"] >= 4 * 30 * 8  # a month of each
    assert report["details"]["tables_held"] == 4


def test_the_count_sees_what_is_withheld_and_what_comes_twice(report: dict[str, Any]) -> None:
    assert report["peers"]["lost_where_one_is_withheld"] == 1
    assert report["peers"]["duplicated_where_one_comes_twice"] == 1
