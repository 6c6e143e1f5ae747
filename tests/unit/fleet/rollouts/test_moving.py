"""A rollout in the database: its cohort, what each kiosk is told, promotion, halting, and the regular look."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from edgeshop.fleet.errors import RolloutRefused
from edgeshop.fleet.models import Baseline, Kiosk, Rollout, RolloutNote, RolloutState, Twin
from edgeshop.fleet.services.policies import load_policy
from edgeshop.fleet.services.rollouts.cohorts import COHORT_MIN, is_in_cohort, place_of, threshold_for
from edgeshop.fleet.services.rollouts.judging import judge_all, judge_one
from edgeshop.fleet.services.rollouts.moving import halt, promote, start_rollout
from edgeshop.fleet.services.rollouts.verdicts import Move
from edgeshop.fleet.services.twin.wanting import fleet_versions, renew, twin_of
from edgeshop.kernel import clock
from tests.factories.fleet import make_kiosk

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
FILE = Path(__file__).resolve().parents[4] / "deploy/classes.toml"
TEXT = FILE.read_text(encoding="utf-8")
COUNT = 20


@pytest.fixture
def fleet(shop, held_clock) -> list[Kiosk]:
    """Twenty kiosks that have taken the first policy, and a second one that is loaded."""
    load_policy(TEXT)
    load_policy(TEXT.replace("gap_s = 30,", "gap_s = 31,", 1))
    kiosks = [make_kiosk(shop, pk=100 + n, name=f"Till {n}", enrolled_at=clock.now()) for n in range(COUNT)]
    for kiosk in kiosks:
        twin_of(kiosk.pk)
        say(kiosk.pk, runs=1, tried=1000, failed=10)
    return kiosks


def say(kiosk_id: int, *, runs: int, tried: int, failed: int, refused: bool = False) -> None:
    """What a kiosk reports, as the section keeps it."""
    part = {"version": 2 if refused else runs, "hash": "aa", "runs_version": runs, "state": "committed"}
    part["rejected"] = [["aa", "ValueError: no"]] if refused else []
    health = {"hours": tried // 10, "tried": tried, "failed": failed, "starts": 1}
    Twin.objects.filter(pk=kiosk_id).update(reported={"parts": {"policy": part}, "steps": {}}, health=health)


def cohort(rollout: Rollout) -> set[int]:
    return {k.pk for k in Kiosk.objects.all() if is_in_cohort(rollout, k.pk)}


def test_the_first_stage_is_six_kiosks_by_their_place_and_only_they_are_told(fleet):
    rollout = start_rollout("policy", 2, by="olga")

    first = sorted((k.pk for k in fleet), key=lambda pk: place_of(rollout.pk, pk))[:COHORT_MIN]
    assert cohort(rollout) == set(first)
    wanted = {k.pk: fleet_versions().of(k.pk)["policy"] for k in fleet}
    assert {pk for pk, version in wanted.items() if version == 2} == set(first)
    assert renew(twin_of(first[0])).targets["policy"]["version"] == 2


def test_who_is_in_stays_in_and_the_last_stage_is_everybody(fleet):
    rollout = start_rollout("policy", 2, by="olga")
    sizes, before = [], set()
    for _ in range(4):
        now = cohort(rollout)
        assert before <= now
        sizes.append(len(now))
        before = now
        rollout = promote(rollout.pk, why="by olga")

    assert (sizes[0], sizes[1], sizes[-1]) == (6, 6, COUNT)
    assert (rollout.state, Baseline.objects.get().version) == (RolloutState.DONE, 2)


@pytest.mark.parametrize(("kiosks", "stage", "size"), [(0, 0, 0), (1, 0, 1), (2, 0, 1), (5, 0, 3), (120, 0, 6)])
def test_small_fleets_keep_a_half_as_control(kiosks, stage, size):
    threshold = threshold_for(1, range(kiosks), stage)

    assert sum(place_of(1, kiosk) < threshold for kiosk in range(kiosks)) == size


def test_ten_thousand_kiosks_begin_with_one_in_a_hundred():
    threshold = threshold_for(3, range(10_000), 0)

    assert 70 <= sum(place_of(3, kiosk) < threshold for kiosk in range(10_000)) <= 130


def test_a_halted_rollout_lets_the_cohort_go_back(fleet):
    rollout = start_rollout("policy", 2, by="olga")
    [first, *_] = cohort(rollout)
    assert renew(twin_of(first)).targets["policy"]["version"] == 2

    halt(rollout.pk, why="by olga")

    assert renew(twin_of(first)).targets["policy"]["version"] == 1
    assert Baseline.objects.get().version == 1
    assert list(RolloutNote.objects.values_list("what", "detail")) == [("started", "by olga"), ("halted", "by olga")]


def test_what_makes_no_sense_is_refused(fleet):
    rollout = start_rollout("policy", 2, by="olga")

    for component, version in (("policy", 1), ("policy", 9), ("hologram", 1), ("policy", 2)):
        with pytest.raises(RolloutRefused):
            start_rollout(component, version, by="olga")
    halt(rollout.pk, why="enough")
    with pytest.raises(RolloutRefused):
        promote(rollout.pk, why="by olga")
    assert Rollout.objects.count() == 1


def day(fleet, held_clock, rollout, *, cohort_failed: int, control_failed: int) -> Move:
    """A day of hourly looks, in which each kiosk tries 480 checkouts; counts are per day."""
    verdicts = []
    for _ in range(24):
        held_clock.move(hours=1)
        on = cohort(Rollout.objects.get(pk=rollout.pk))
        for kiosk in fleet:
            before = Twin.objects.get(pk=kiosk.pk).health
            failed = cohort_failed if kiosk.pk in on else control_failed
            is_hour = held_clock.at.hour % 24 < failed
            say(
                kiosk.pk, runs=2 if kiosk.pk in on else 1, tried=before["tried"] + 20,
                failed=before["failed"] + is_hour,
            )  # fmt: skip
        verdicts.append(judge_one(rollout.pk).move)
    return next((move for move in verdicts if move is not Move.STAY), Move.STAY)


def test_harm_in_the_cohort_halts_it_by_itself(fleet, held_clock):
    rollout = start_rollout("policy", 2, by="olga")
    judge_one(rollout.pk)

    moves = [day(fleet, held_clock, rollout, cohort_failed=20, control_failed=5) for _ in range(2)]

    assert Move.HALT in moves
    rollout.refresh_from_db()
    assert (rollout.state, rollout.verdict) == (
        RolloutState.HALTED, "more failed checkouts in the cohort than chance would bring",
    )  # fmt: skip


def test_no_harm_promotes_it_by_itself_to_the_end(fleet, held_clock):
    rollout = start_rollout("policy", 2, by="olga")
    for _ in range(20):
        day(fleet, held_clock, rollout, cohort_failed=5, control_failed=5)
        rollout.refresh_from_db()
        if rollout.state != RolloutState.RUNNING:
            break

    assert rollout.state == RolloutState.DONE
    assert [n.what for n in RolloutNote.objects.all()] == ["started", "10 %", "50 %", "100 %", "done"]


def test_two_kiosks_that_refuse_the_version_halt_it(fleet):
    rollout = start_rollout("policy", 2, by="olga")
    one, other, *_ = sorted(cohort(rollout))
    say(one, runs=1, tried=1000, failed=10, refused=True)
    assert judge_one(rollout.pk).move is Move.STAY

    say(other, runs=1, tried=1000, failed=10, refused=True)

    assert judge_all()[rollout.pk].move is Move.HALT
    assert judge_all() == {}
    assert Rollout.objects.get().verdict == "2 of 6 kiosks refuse the new version after three tries"


def test_nobody_is_promoted_before_anybody_has_the_version(fleet, held_clock):
    rollout = start_rollout("policy", 2, by="olga")

    held_clock.at += timedelta(days=30)

    assert judge_one(rollout.pk).why == "no kiosk of the cohort has the new version yet"


def test_the_commands_load_start_show_and_halt(fleet, tmp_path, capsys):
    third = tmp_path / "third.toml"
    third.write_text(TEXT.replace("gap_s = 30,", "gap_s = 33,", 1))

    call_command("policy", "load", str(third), "--check")
    call_command("policy", "load", str(third))
    call_command("rollout", "start", "policy", "3")
    call_command("rollout", "status")
    call_command("rollout", "halt", str(Rollout.objects.get().pk))

    said = capsys.readouterr().out
    assert "reads well; nothing was changed" in said
    assert "policy 3" in said
    assert "6 of 20 kiosks" in said
    assert Rollout.objects.get().state == RolloutState.HALTED


def test_the_commands_say_what_is_wrong(fleet, tmp_path):
    odd = tmp_path / "odd.toml"
    odd.write_text(TEXT.replace("gap_s", "gap_sec", 1))

    with pytest.raises(CommandError, match=r"gap_sec: there is no such key.*Did you mean .*gap_s\?"):
        call_command("policy", "load", str(odd), "--check")
    with pytest.raises(CommandError, match=r"fleet\.rollout_refused"):
        call_command("rollout", "start", "policy", "9")
