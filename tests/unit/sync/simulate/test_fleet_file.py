"""A fleet file is taken whole, or refused with the key and what was expected there."""

from pathlib import Path

import numpy as np
import pytest

from edgeshop.sync.errors import FleetInvalid
from edgeshop.sync.simulate.fleet_file import read_fleet

pytestmark = pytest.mark.unit
REPOSITORY = Path(__file__).resolve().parents[4]
SMALL = REPOSITORY / "tests/data/fleet_small.toml"


def test_the_fleet_that_we_ship_has_its_classes_and_all_its_nodes():
    fleet = read_fleet(REPOSITORY / "deploy/fleet.toml")

    assert list(dict.fromkeys(k.class_name for k in fleet.kinds)) == ["flagship", "popup", "vending", "event", "lab"]
    assert [s.name for s in fleet.streams] == ["prices", "features", "model", "telemetry"]
    assert fleet.counts.sum() == fleet.nodes == 120
    assert fleet.of_size(10_000).counts.sum() == 10_000
    assert fleet.of_size(60).cap_usd_month == fleet.cap_usd_month / 2


def test_nothing_hurts_while_a_shop_is_closed_and_a_day_has_its_requests():
    kind = read_fleet(SMALL).kinds[0]

    assert (kind.weights[0].reshape(24, 4).sum(1) > 0).nonzero()[0].tolist() == list(range(8, 22))
    assert kind.weights[0].sum() == pytest.approx(15 * 14)


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("nodes = 24", "", "nodes", "a number from 1 to 1e+06"),
        ("nodes = 24", "nodes = 2.5", "nodes", "a whole number"),
        ("nodes = 24", "nodes = true", "nodes", "a number from 1 to 1e+06"),
        ("nodes = 24", "nodes = 24\nnods = 3", "nods", "nodes"),
        ("usd_per_gb = 4.09", "usd_per_gb = [1, 2]", "classes.popup.usd_per_gb", "one number from 0 on, or 24 of them"),
        ("usd_per_gb = 4.09", "usd_pr_gb = 4.09", "classes.popup.usd_per_gb", "one number from 0 on"),
        ('grade = "C"', 'grade = "E"', "classes.popup.grade", 'one of "A", "B", "C", "D"'),
        ('grade = "C"', 'grade = "C"\nlane = {}', "classes.popup.lane", "lanes"),
        ("closes = 22", "closes = 7", "classes.popup.closes", "later than opens (8)"),
        ("share = 1.0", "share = 0.9", "classes", "tables whose shares add up to 1"),
        ("shares = [0.5, 0.5]", "shares = [1.0]", "classes.popup.shares", "2 numbers that add up to 1"),
        ("link = { up_h = 6, down_h = 0.4 }", "link = 3", "classes.popup.link", "a table of keys"),
        ("link = { up_h = 6, down_h = 0.4 }", "link = { up_h = 6 }", "classes.popup.link.down_h", "a number from 0.25"),
        ("harm_max = 0.2", "harm_max = 2", "streams.features.harm_max", "a number from 0 to 1"),
        ("changes_per_hour = 6", "changes_per_hour = 90", "streams.prices.changes_per_hour", "at most 32"),
        ("changes_per_hour = 6", "changes_per_hour = nan", "streams.prices.changes_per_hour", "one number"),
        ('stream = "features"', 'stream = "feature"', "vectors.stream", 'one of "prices", "features"'),
        ("nodes = 24", "nodes = = 24", "fleet.toml", "TOML"),
    ],
)
def test_a_wrong_file_says_where_and_what(tmp_path: Path, old: str, new: str, key: str, expected: str):
    text = SMALL.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "fleet.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(FleetInvalid) as refused:
        read_fleet(path)

    assert refused.value.fields["key"].endswith(key)
    assert refused.value.fields["expected"].startswith(expected)
    assert key in refused.value.message


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(FleetInvalid, match=r"fleet\.toml cannot be read"):
        read_fleet(tmp_path / "fleet.toml")


def test_a_recorded_trace_is_read_by_slot(tmp_path: Path):
    text = SMALL.read_text(encoding="utf-8")
    trace = "link = { recorded_h = 48, outages = [[1.0, 2.0], [30.5, 30.6]] }"
    path = tmp_path / "fleet.toml"
    path.write_text(text.replace("link = { up_h = 6, down_h = 0.4 }", trace), encoding="utf-8")

    kind = read_fleet(path).kinds[0]

    assert np.flatnonzero(~kind.trace).tolist() == [4, 5, 6, 7, 122]
    assert (kind.up_h, kind.down_h) == ((192 - 5) / 8, 5 / 8)
