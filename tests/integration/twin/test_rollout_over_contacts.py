"""A policy from its file to a kiosk's rules over real contacts: signed, compressed, over a wire that loses answers.

A cloud and a kiosk with a database each, the real client and the real door between them.
"""

from dataclasses import replace
from pathlib import Path

import pytest
import requests
from django.core.management import call_command

from edgeshop.fleet import components
from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.models import Kiosk, Rollout, RolloutState, Twin
from edgeshop.fleet.services.policies import PolicyApplier, load_policy, policy_here
from edgeshop.fleet.services.rollouts.judging import judge_all
from edgeshop.fleet.services.rollouts.moving import start_rollout
from edgeshop.fleet.services.twin import applying
from edgeshop.fleet.services.twin.applying import apply_wanted
from edgeshop.fleet.services.twin.rows import keep
from edgeshop.journal import contact
from edgeshop.sync.services import synchronise
from tests.factories.fleet import KIOSK, House
from tests.factories.house import house, second_database

__all__ = ["house", "second_database"]
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
FILE = Path(__file__).resolve().parents[3] / "deploy/classes.toml"
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture
def first(house: House) -> House:
    """A kiosk that goes by the first policy and has said so; nothing is left to say."""
    with house.cloud():
        call_command("policy", "load", str(FILE), verbosity=0)
    synchronise(house.client)
    synchronise(house.client)
    return house


def roll_out(house: House, gap_s: int) -> int:
    """The next policy, on its way to the first stage: the only kiosk there is."""
    with house.cloud():
        version = load_policy(TEXT.replace("gap_s = 30,", f"gap_s = {gap_s},", 1)).version
        start_rollout("policy", version, by="olga")
    return version


def gap_s() -> int:
    return policy_here().cadence.A.gap_s


def at_cloud(house: House) -> tuple[str, int, int]:
    """What the cloud knows: the state, the version that is wanted, the version that runs."""
    with house.cloud():
        part = Twin.objects.get(pk=KIOSK).reported["parts"]["policy"]
    return part["state"], part["version"], part["runs_version"]


def test_a_policy_reaches_the_kiosk_and_the_cloud_learns_that_it_runs(first):
    assert gap_s() == 30
    assert at_cloud(first) == ("committed", 1, 1)
    with first.cloud():
        assert Kiosk.objects.get(pk=KIOSK).link_grade == "B"

    report = synchronise(first.client)

    assert (report.contacts, report.failed, first.wire.said[-1].status_code) == (1, {}, 204)


def test_nothing_to_say_costs_nothing(first):
    with_twin = idle_bytes(first)

    section = contact._sections.pop("twin")
    try:
        without = idle_bytes(first)
    finally:
        contact._sections["twin"] = section

    assert with_twin == without


def idle_bytes(house) -> int:
    """The address of a contact after which nothing is left to say."""
    for _ in range(3):
        synchronise(house.client)
    return len(house.wire.asked[-1].path_url)


def test_a_kiosk_that_was_away_for_three_edits_has_the_last_one_after_one_contact(first):
    for gap in (31, 32, 33):
        roll_out(first, gap)
        with first.cloud():
            Rollout.objects.filter(state=RolloutState.RUNNING).update(state=RolloutState.HALTED)
    version = roll_out(first, 34)

    synchronise(first.client)
    synchronise(first.client)

    assert (gap_s(), at_cloud(first)) == (34, ("committed", version, version))


def test_an_answer_that_is_lost_on_the_way_is_given_again(first):
    roll_out(first, 31)

    def lose(response: requests.Response) -> requests.Response:
        raise requests.ConnectionError

    first.wire.on_the_way_down = lose
    with pytest.raises(CloudUnreachable):
        synchronise(first.client)
    assert gap_s() == 30
    first.wire.on_the_way_down = lambda response: response

    synchronise(first.client)
    synchronise(first.client)

    assert (gap_s(), at_cloud(first)) == (31, ("committed", 2, 2))


class PlugPulled(BaseException):
    """Power is gone."""


@pytest.mark.parametrize("at", [0, 3, 7, 8, 12])
def test_a_plug_pulled_while_it_applies_is_made_up_for_at_the_next_turn(first, monkeypatch, at):
    roll_out(first, 31)
    left = [at]

    def keep_and_die(row):
        if left[0] == 0:
            raise PlugPulled
        left[0] -= 1
        keep(row)

    monkeypatch.setattr(applying, "keep", keep_and_die)
    with pytest.raises(PlugPulled):
        synchronise(first.client)
    monkeypatch.setattr(applying, "keep", keep)

    apply_wanted()
    synchronise(first.client)

    assert (gap_s(), at_cloud(first)) == (31, ("committed", 2, 2))


class Breaks(PolicyApplier):
    """Refuses what came after the first version."""

    def check(self, target):
        if target["version"] > 1:
            raise ValueError("the screen stays dark")
        return super().check(target)


def test_a_version_that_fails_three_times_halts_its_rollout_and_the_kiosk_goes_back(first, monkeypatch, held_clock):
    part = components.component_of("policy")
    monkeypatch.setitem(components._components, "policy", replace(part, applier=Breaks()))
    roll_out(first, 31)
    synchronise(first.client)
    for _ in range(3):
        held_clock.move(minutes=11)
        apply_wanted()
    synchronise(first.client)
    assert (gap_s(), at_cloud(first)) == (30, ("reverted", 2, 1))

    with first.cloud():
        judge_all()
        ended = Rollout.objects.get()
    synchronise(first.client)
    synchronise(first.client)

    assert (ended.state, ended.verdict) == (
        RolloutState.HALTED, "1 of 1 kiosks refuse the new version after three tries",
    )  # fmt: skip
    assert (gap_s(), at_cloud(first)) == (30, ("committed", 1, 1))
