"""A policy on its way from the cloud's file to the rules of a kiosk, over the section of both sides."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from edgeshop.fleet import components
from edgeshop.fleet.classes import read_policy
from edgeshop.fleet.errors import PolicyInvalid
from edgeshop.fleet.models import ActivePolicy, ApplyStep, Baseline, Kiosk, Policy, Twin
from edgeshop.fleet.services import policies
from edgeshop.fleet.services.policies import load_policy, policy_here, set_overrides
from edgeshop.fleet.services.twin import applying
from edgeshop.fleet.services.twin.applying import apply_wanted, held_twin
from edgeshop.fleet.services.twin.rows import STEPS_MAX, keep, progress_of
from edgeshop.fleet.services.twin.section import answer_twin, ask_twin, take_twin
from edgeshop.fleet.services.twin.wanting import try_again
from edgeshop.kernel.facts import canonical
from tests.factories.fleet import KIOSK, House

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
TEXT = (Path(__file__).resolve().parents[4] / "deploy/classes.toml").read_text(encoding="utf-8")


def policy_text(gap_s: int) -> str:
    """The policy that ships, with another gap for flagships on the best link."""
    return TEXT.replace("gap_s = 30,", f"gap_s = {gap_s},", 1)


def contact(house: House, *, answer_arrives: bool = True) -> Any:
    """The section of one contact; what the cloud said."""
    asked = ask_twin()
    with house.cloud():
        told = answer_twin(KIOSK, asked)
    if told is not None and answer_arrives:
        take_twin(told)
    return told


def load(house: House, gap_s: int) -> int:
    """Load a policy and let it count for all."""
    with house.cloud():
        version = load_policy(policy_text(gap_s)).version
        Baseline.objects.filter(pk="policy").update(version=version)
    return version


def gap_s() -> int | None:
    rules = policy_here()
    return rules.cadence.A.gap_s if rules else None


def part_at_cloud(house: House) -> dict[str, Any]:
    with house.cloud():
        return Twin.objects.get(pk=KIOSK).reported["parts"]["policy"]


def test_without_a_policy_there_is_nothing_to_say_after_the_first_report(house):
    assert contact(house) is None

    version, held_hash, mark = ask_twin()

    assert (version, len(held_hash), len(mark)) == (0, 8, 4)
    assert (policy_here(), held_twin().version) == (None, 0)


def test_a_policy_comes_with_one_contact_and_is_reported_with_the_next(house):
    load(house, 31)

    assert set(contact(house)["set"]) == {"policy"}

    assert gap_s() == 31
    assert contact(house) is None
    part = part_at_cloud(house)
    assert (part["state"], part["version"], part["runs_version"], part["problem"]) == ("committed", 1, 1, "")
    assert contact(house) is None
    assert len(ask_twin()) == 3


def test_the_steps_are_written_down_in_order(house):
    load(house, 31)
    contact(house)

    states = list(ApplyStep.objects.order_by("pk").values_list("state", flat=True))

    assert states == ["wanted", "fetched", "verified", "staged", "activated", "healthy", "committed"]


def test_edits_while_a_kiosk_is_away_come_as_their_last_state(house):
    load(house, 31)
    contact(house)
    for gap in (32, 33, 34):
        load(house, gap)

    told = contact(house)

    assert (told["full"], set(told["set"]), gap_s()) == (False, {"policy"}, 34)
    assert contact(house) is None


def test_an_answer_that_was_lost_is_given_again_and_a_report_too(house):
    load(house, 31)
    contact(house, answer_arrives=False)
    assert gap_s() is None

    contact(house)
    ask_twin()  # its report is lost

    assert gap_s() == 31
    assert contact(house) == {"report": True}
    assert contact(house) is None
    assert part_at_cloud(house)["state"] == "committed"


def test_an_answer_that_is_taken_twice_or_late_changes_nothing(house):
    load(house, 31)
    first = contact(house)
    load(house, 32)
    contact(house)

    take_twin(first)

    assert (gap_s(), contact(house)) == (32, None)


def test_a_cloud_that_was_put_back_is_believed(house):
    load(house, 31)
    contact(house)
    with house.cloud():
        Twin.objects.update(version=0, targets={}, since={})
        Kiosk.objects.update(node_class="lab")

    contact(house)

    assert policy_here() == read_policy(policy_text(31))["lab"]
    assert contact(house) is None


def test_another_class_and_overrides_of_one_kiosk_reach_it(house):
    load(house, 31)
    with house.cloud():
        Kiosk.objects.update(node_class="vending")
        set_overrides(KIOSK, "grants.window = 7")

    contact(house)

    rules = policy_here()
    assert (rules.grants.window, rules.privacy.telemetry) == (7, "counts")
    assert ActivePolicy.objects.get(pk="active").node_class == "vending"


def test_overrides_that_do_not_fit_are_refused_and_change_nothing(house):
    load(house, 31)
    with house.cloud():
        with pytest.raises(PolicyInvalid):
            set_overrides(KIOSK, "grants.windows = 7")
        assert not Twin.objects.exclude(overrides="").exists()


class Breaks(policies.PolicyApplier):
    """Cannot be activated but for the version that ran before."""

    def activate(self, target):
        if target["version"] > 1:
            super().activate(target)  # half way
            raise ValueError("the disk is full")
        return super().activate(target)


@pytest.fixture
def breaking(monkeypatch):
    part = components.component_of("policy")
    monkeypatch.setitem(components._components, "policy", replace(part, applier=Breaks()))


def test_a_target_that_fails_three_times_is_rejected_reported_and_tried_again_when_a_person_says_so(
    house, breaking, held_clock, monkeypatch
):
    load(house, 31)
    contact(house)
    load(house, 32)
    contact(house)
    for _ in range(4):
        held_clock.move(minutes=15)
        apply_wanted()

    contact(house)

    part = part_at_cloud(house)
    assert (part["state"], part["failures"], part["version"], part["runs_version"]) == ("reverted", 3, 2, 1)
    assert part["rejected"] == [[part["hash"], "ValueError: the disk is full"]]
    assert gap_s() == 31

    monkeypatch.undo()
    with house.cloud():
        try_again(KIOSK, "policy")
    contact(house)

    assert gap_s() == 32


def test_a_target_that_is_not_what_the_document_s_hash_says_is_not_held_and_all_is_asked_for(house):
    load(house, 31)
    asked = ask_twin()
    with house.cloud():
        told = answer_twin(KIOSK, asked)
    told["set"]["policy"]["sha256"] = "0" * 64

    take_twin(told)

    assert (gap_s(), held_twin().version) == (None, 0)
    contact(house)
    assert gap_s() == 31


def test_rules_that_do_not_fit_their_hash_or_this_release_are_not_staged(house):
    load(house, 31)
    contact(house)
    target = dict(held_twin().targets["policy"])
    rules = {**target["rules"], "grants": {"window": -1}}

    for odd in (
        target | {"sha256": "0" * 64},
        target | {"rules": rules, "sha256": hashlib.sha256(canonical(rules)).hexdigest()},
    ):
        with pytest.raises(PolicyInvalid):
            policies.PolicyApplier().verify(odd)


class PlugPulled(BaseException):
    """Power is gone."""


@pytest.mark.parametrize("at", range(13))
def test_a_kiosk_killed_before_any_row_is_kept_or_right_after_goes_on_from_there(house, monkeypatch, at):
    load(house, 31)
    contact(house)
    load(house, 32)
    left = [at]

    def keep_and_die(row):
        if left[0] == 0:
            raise PlugPulled
        left[0] -= 1
        keep(row)

    monkeypatch.setattr(applying, "keep", keep_and_die)
    with pytest.raises(PlugPulled):
        contact(house)
    monkeypatch.undo()
    assert gap_s() in {31, 32}

    apply_wanted()

    assert (gap_s(), str(progress_of("policy").state)) == (32, "committed")


def test_what_is_wanted_of_a_component_of_a_later_release_waits(house, monkeypatch):
    load(house, 31)
    with monkeypatch.context() as later:
        part = components.component_of("policy")
        later.setitem(components._components, "hologram", replace(part, name="hologram"))
        with house.cloud():
            Baseline.objects.create(component="hologram", version=1)
        asked = ask_twin()
        with house.cloud():
            told = answer_twin(KIOSK, asked)

    take_twin(told)

    assert set(held_twin().targets) == {"policy", "hologram"}
    assert gap_s() == 31


def test_only_the_last_steps_are_kept(house):
    for number in range(STEPS_MAX):
        load(house, 100 + number)
        contact(house)

    assert ApplyStep.objects.count() == STEPS_MAX


def test_a_loaded_policy_never_changes(db):
    load_policy(TEXT)

    for change in (lambda: Policy.objects.update(text="form = 1"), lambda: Policy.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()
    assert Policy.objects.get().text == TEXT


def test_the_same_text_is_one_version_and_another_one_waits_for_a_rollout(db):
    first, again, second = load_policy(TEXT), load_policy(TEXT), load_policy(policy_text(31))

    assert [(p.version, p.is_new) for p in (first, again, second)] == [(1, True), (1, False), (2, True)]
    assert Baseline.objects.get().version == 1


def test_a_policy_that_does_not_read_is_not_kept(db):
    with pytest.raises(PolicyInvalid):
        load_policy(TEXT.replace("form = 1", "form = 9"))

    assert not Policy.objects.exists()
