"""A report holds only when its goals are met and its controls went wrong."""

import json

import pytest

from edgeshop.kernel.report import Goal, Report

pytestmark = pytest.mark.unit
MET, MISSED, UNMEASURED = Goal("lost", 0, "==", 0), Goal("lost", 1, "==", 0), Goal("lost", None, "==", 0)
WRONG, UNHARMED = Goal("lost_without", 3, ">=", 1), Goal("lost_without", 0, ">=", 1)


@pytest.mark.parametrize(
    ("goals", "controls", "holds"),
    [
        ([MET], [WRONG], True),
        ([MET], [], True),
        ([MISSED], [WRONG], False),
        ([UNMEASURED], [WRONG], False),
        ([MET], [UNHARMED], False),
        ([], [WRONG], False),
    ],
)
def test_a_report_holds_by_its_goals_and_controls(goals: list[Goal], controls: list[Goal], holds: bool):
    assert Report("drill", 1, goals, controls).holds is holds


def test_controls_go_out_beside_the_peers():
    report = Report("drill", 1, [MET], [UNHARMED], peers={"rival": 2})

    assert json.loads(report.to_json())["peers"] == {"lost_without": 0, "rival": 2}
    assert "lost_without" in report.table()


def test_a_long_detail_does_not_push_the_goals_apart():
    lines = Report("drill", 1, [MET], details={"a_name_that_is_longer": "x" * 100}).table().splitlines()

    assert len(lines[0]) == len(lines[1]) < 80
    assert lines[-1] == f"a_name_that_is_longer  {'x' * 100}"
