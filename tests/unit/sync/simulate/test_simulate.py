"""The simulator: no policy beats the bound, the cap holds, and the same seed gives the same month."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from edgeshop.sync.schedule.plan import Plan, solve
from edgeshop.sync.simulate import egress
from edgeshop.sync.simulate.caps import under_cap
from edgeshop.sync.simulate.fleet import Fleet
from edgeshop.sync.simulate.fleet_file import read_fleet
from edgeshop.sync.simulate.frontier import CADENCES, Frontier, draw
from edgeshop.sync.simulate.policies import Tables, fixed
from edgeshop.sync.simulate.run import WARM_UP_DAYS, live
from edgeshop.sync.simulate.world import World, make_world

pytestmark = pytest.mark.unit
SMALL = Path(__file__).resolve().parents[3] / "data/fleet_small.toml"
DAYS, MUS = 12, (300.0, 3_000.0, 30_000.0)


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return read_fleet(SMALL)


@pytest.fixture(scope="module")
def plan(fleet: Fleet) -> Plan:
    return solve(fleet.workload, MUS)


def _world(fleet: Fleet, seeds: range = range(6), days: int = DAYS) -> World:
    return make_world(fleet.workload, fleet.counts, days=WARM_UP_DAYS + days, seeds=seeds)


@pytest.fixture(scope="module")
def frontier(fleet: Fleet, plan: Plan) -> Frontier:
    return draw(fleet, _world(fleet), plan, DAYS, lambda _: None)


def test_no_policy_lies_below_the_bound_by_more_than_chance(frontier: Frontier):
    below = {p.name: (p.harm, p.bound, p.excess_se) for p in frontier.points if p.harm < p.bound - 3 * p.excess_se}

    assert below == {}
    assert len(frontier.points) == 5 + 3 * len(MUS)


def test_a_bound_that_is_too_high_would_be_noticed(frontier: Frontier):
    assert any(p.harm < 1.2 * p.bound - 3 * p.excess_se for p in frontier.points)


def test_tables_cost_less_than_fixed_cadences_at_their_harm(frontier: Frontier):
    hourly = next(p for p in frontier.points if p.name == "every 1 h")
    ours = frontier.usd_at("tables, no push", hourly.harm)

    assert ours is not None
    assert ours < hourly.usd * 0.6


def test_months_keep_to_the_cap_with_steering_and_break_it_without(fleet: Fleet, plan: Plan, frontier: Frontier):
    capped = replace(fleet, cap_usd_month=30 * float(frontier.daily[1] @ fleet.counts))

    months = under_cap(capped, plan, frontier.daily, days=DAYS, seeds=range(50, 54), say=lambda _: None)

    assert months["steered"].spent.max() <= 1.0
    assert months["steered_after_jump"].spent.max() <= 1.0
    assert months["steered"].spent.mean() > 0.9
    assert months["open_loop_after_jump"].spent.max() > 1.01


def test_what_is_spent_is_bytes_times_price_and_every_contact_is_counted(fleet: Fleet):
    world = _world(fleet, range(1))

    outcome = live(world, fixed(world, 4))

    up = world.up[WARM_UP_DAYS * 96 :: 4]
    assert outcome.contacts.tolist() == up.sum(0).tolist()
    assert outcome.money == pytest.approx(outcome.bytes.sum(1) * 4.09e-9)
    assert outcome.bytes[:, -1].tolist() == (outcome.contacts * 6650).tolist()


def test_other_vectors_weigh_what_they_are_at_a_fixed_cadence_and_are_solved_for_anew(fleet: Fleet, frontier: Frontier):
    cadences = {name: frontier.outcomes[f"every {name}"] for name in CADENCES}

    bands = egress.by_vector(fleet, _world(fleet), cadences, MUS[1], DAYS, lambda _: None)

    moved = cadences["1 h"].bytes
    hourly = next(b for b in bands if b.cadence == "1 h")
    assert [b.cadence for b in bands] == ["15 min", "1 h", "4 h", "24 h", "tables"]
    assert hourly.mean == pytest.approx((moved[:, -1] + moved[:, 1] * 72 / 264).mean() / 1e6 * 30 / DAYS)
    assert all(b.low < b.mean < b.high for b in bands)


def test_the_same_seed_lives_the_same_month_and_another_does_not(fleet: Fleet, plan: Plan):
    harms = [
        live(world, Tables(world, plan.tables[1], has_push=False)).harm.sum()
        for world in (_world(fleet, range(s, s + 1), 2) for s in (3, 3, 4))
    ]

    assert harms[0] == harms[1] != harms[2]


def _run(tmp_path: Path, *args: str) -> tuple[dict, str, str, int]:
    files = [tmp_path / "report.json", tmp_path / "report.html"]
    to = ["--quick", "--days", "6", "--json", str(files[0]), "--html", str(files[1])]
    status = 0
    with (tmp_path / "out").open("w") as out, (tmp_path / "err").open("w") as err:
        try:
            call_command("simulate", "--fleet", str(SMALL), *to, *args, stdout=out, stderr=err)
        except SystemExit as stopped:
            status = int(stopped.code)
    printed = (tmp_path / "out").read_text(encoding="utf-8")
    return json.loads(files[0].read_text(encoding="utf-8")), files[1].read_text(encoding="utf-8"), printed, status


def test_the_command_prints_and_writes_one_report(tmp_path: Path):
    report, page, printed, status = _run(tmp_path, "--nodes", "12", "--seeds", "2")

    ids = [goal["id"] for goal in report["goals"]]
    assert ids[:3] == ["gap_known_backlog_pct", "gap_no_push_pct", "cost_ratio_to_hourly"]
    assert ids[3:] == ["cap_mean", "cap_worst", "cap_worst_after_jump", "table_bytes"]
    assert all(name in printed for name in [*ids, "open_loop_after_jump", "hand-tuned", "every 24 h"])
    control_failed = report["peers"]["open_loop_after_jump"] >= 1.02
    assert status == (0 if control_failed and all(goal["holds"] for goal in report["goals"]) else 1)
    assert {b["cadence"] for b in report["details"]["egress_mb_node_month"]["by_stream"]} >= {
        "15 min",
        "24 h",
        "tables",
    }
    assert page.count('role="img"') == page.count("<title id=") == 3
    assert "prefers-color-scheme:dark" in page
    assert re.findall(r"(?:src|href)=|url\(|https?://|<script", page) == []


def test_a_wrong_file_ends_the_command_with_its_code(tmp_path: Path):
    path = tmp_path / "fleet.toml"
    path.write_text("nodes = 0", encoding="utf-8")

    with pytest.raises(CommandError, match=r"sync\.fleet_invalid: nodes is 0; it must be a number from 1"):
        call_command("simulate", "--fleet", str(path))


def test_chance_is_the_only_thing_that_a_world_adds(fleet: Fleet):
    world = _world(fleet, range(2), 30)

    assert world.arrivals[..., 0].mean() == pytest.approx(1.5, rel=0.02)
    assert (~world.up).mean() == pytest.approx(0.4 / 6.4, rel=0.25)
    assert np.unique(world.run_of).tolist() == [0, 1]
