"""The pages on classes, twins and rollouts: what a manager reads there and what an operator can do."""

from dataclasses import replace
from pathlib import Path

import pytest

from edgeshop.fleet.models import ApplyStep, Baseline, Kiosk, Policy, Rollout, RolloutState, Staff, Twin
from edgeshop.fleet.services.policies import load_policy
from edgeshop.fleet.services.rollouts.moving import start_rollout
from edgeshop.fleet.services.twin.progress import hash_of
from edgeshop.fleet.services.twin.wanting import renew, twin_of
from edgeshop.kernel import clock
from tests.factories.fleet import KIOSK, make_kiosk, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
TEXT = (Path(__file__).resolve().parents[4] / "deploy/classes.toml").read_text(encoding="utf-8")
TWINS, ROLLOUTS, POLICIES = "/admin/fleet/twin/", "/admin/fleet/rollout/", "/admin/fleet/policy/"


@pytest.fixture
def operator(client, shop):
    """Olga, who runs the house by her role alone."""
    client.force_login(make_staff("olga", role=Staff.Role.OPERATOR))
    return client


@pytest.fixture
def policies(db):
    load_policy(TEXT)
    load_policy(TEXT.replace("gap_s = 30,", "gap_s = 31,", 1))


def refusing(kiosk: Kiosk) -> Twin:
    """A twin that has reported that it will not take what is wanted."""
    twin = twin_of(kiosk.pk)
    renew(twin)
    wanted = hash_of(twin.targets["policy"])
    at = int(clock.timestamp())
    part = {
        "state": "reverted", "hash": wanted, "version": 1, "runs": "", "runs_version": 0, "failures": 3,
        "problem": "ValueError: the disk is full", "at": at, "retry_at": at, "rejected": [[wanted, "full"]],
    }  # fmt: skip
    steps = [[1, wanted, "wanted", at, ""], [1, wanted, "reverted", at, "ValueError: the disk is full"]]
    twin.reported, twin.reported_at = {"parts": {"policy": part}, "steps": {"policy": steps}}, clock.now()
    twin.held_version = twin.version
    twin.save()
    return twin


def act(client, where: str, action: str, *chosen: int) -> list[str]:
    answer = client.post(where, {"action": action, "_selected_action": list(chosen)}, follow=True)
    return [str(m) for m in answer.context["messages"]]


def test_a_policy_opens_on_the_rules_of_all_classes(operator, policies):
    page = operator.get(f"{POLICIES}1/change/").content.decode()

    assert all(word in page for word in ("flagship", "vending", "cadence D gap s", "grants window", "40.00 EUR"))
    listed = operator.get(POLICIES).content.decode()
    assert "counts for all" in listed
    assert "kept" in listed


def test_a_policy_is_rolled_out_from_its_list(operator, policies):
    assert act(operator, POLICIES, "roll_out", 2) == ["policy 1 to 2 has begun."]
    assert act(operator, POLICIES, "roll_out", 1) == [
        "policy 1: The fleet has this version already, or none to go back to."
    ]

    assert Rollout.objects.get().started_by == "olga"


def test_a_kiosk_s_page_says_why_it_is_where_it_is_and_lets_it_try_again(operator, policies, kiosk):
    refusing(kiosk)

    page = operator.get(f"{TWINS}{KIOSK}/change/").content.decode()
    said = act(operator, TWINS, "once_more", KIOSK)

    assert "version 1 is wanted, none runs" in page
    assert "Refused. Nothing by itself: it was refused." in page
    assert "Last problem, at try 3 of 3: ValueError: the disk is full" in page
    assert said == ["Till will try policy 1 again."]
    assert renew(twin_of(KIOSK)).targets["policy"]["again"] == 1


def test_a_kiosk_that_is_away_is_shown_as_not_told_what_is_wanted_since(operator, policies, kiosk):
    refusing(kiosk)
    Baseline.objects.update(version=2)

    page = operator.get(f"{TWINS}{KIOSK}/change/").content.decode()

    assert "version 2 is wanted, none runs" in page
    assert "Not told yet. It is told at its next contact." in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_twins_costs_the_same_however_many(operator, policies, shop, count, django_assert_max_num_queries):
    for number in range(count):
        refusing(make_kiosk(shop, pk=20 + number, name=f"Till {number}", enrolled_at=clock.now()))

    with django_assert_max_num_queries(14):
        page = operator.get(TWINS).content.decode()

    assert page.count("refused") >= count
    assert "runs none" in page


def test_overrides_are_checked_before_they_are_kept(operator, policies, kiosk):
    twin_of(KIOSK)
    where = f"{TWINS}{KIOSK}/change/"

    wrong = operator.post(where, {"overrides": "grants.windw = 3"}).content.decode()
    assert "Did you mean grants.window?" in wrong
    assert Twin.objects.get().overrides == ""

    operator.post(where, {"overrides": "grants.window = 3"})

    assert Twin.objects.get().overrides == "grants.window = 3"
    assert renew(twin_of(KIOSK)).targets["policy"]["rules"]["grants"]["window"] == 3


def test_a_rollout_is_promoted_and_halted_by_its_buttons(operator, policies, shop):
    for number in range(20):
        make_kiosk(shop, pk=20 + number, name=f"Till {number}", enrolled_at=clock.now())
    rollout = start_rollout("policy", 2, by="olga")

    page = operator.get(f"{ROLLOUTS}{rollout.pk}/change/").content.decode()
    assert "6 kiosks in the cohort: 0 on the new version, 0 refusing it. 14 in the control." in page
    assert "Halt and go back" in page
    assert 'name="_save"' not in page

    assert act(operator, ROLLOUTS, "promote_now", rollout.pk) == ["policy 1 to 2 is running at 10 %."]
    assert act(operator, ROLLOUTS, "halt_now", rollout.pk) == ["policy 1 to 2 is halted at 10 %."]
    assert act(operator, ROLLOUTS, "halt_now", rollout.pk) == ["policy 1 to 2: This rollout is over."]
    after = operator.get(f"{ROLLOUTS}{rollout.pk}/change/").content.decode()
    assert "by olga" in after
    assert "Halt and go back" not in after


def test_a_manager_looks_and_moves_nothing(client, policies, shop, kiosk):
    refusing(kiosk)
    rollout = start_rollout("policy", 2, by="olga")
    client.force_login(make_staff("mia", shop=shop, role=Staff.Role.MANAGER))

    pages = [client.get(where) for where in (f"{ROLLOUTS}{rollout.pk}/change/", f"{TWINS}{KIOSK}/change/", POLICIES)]
    client.post(ROLLOUTS, {"action": "halt_now", "_selected_action": [rollout.pk]})
    client.post(POLICIES, {"action": "roll_out", "_selected_action": [2]})

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "Halt and go back" not in pages[0].content.decode()
    assert Rollout.objects.get().state == RolloutState.RUNNING


def test_the_class_of_a_kiosk_is_chosen_on_its_page(operator, policies, kiosk):
    no_devices = {"devices-TOTAL_FORMS": 0, "devices-INITIAL_FORMS": 0}

    operator.post(f"/admin/fleet/kiosk/{KIOSK}/change/", {"name": "Till", "shop": 3, "node_class": "lab", **no_devices})

    assert renew(twin_of(KIOSK)).targets["policy"]["class"] == "lab"


def test_a_kiosk_shows_its_own_steps_and_nothing_of_the_fleet(operator, settings):
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    ApplyStep.objects.create(
        component="policy", target_hash="a", version=4, state="reverted", at=clock.now(), problem="full"
    )

    page = operator.get("/admin/fleet/applystep/").content.decode()

    assert all(word in page for word in ("policy", "reverted", "full"))
    assert [operator.get(where).status_code for where in (TWINS, ROLLOUTS, POLICIES)] == [403, 403, 403]
    assert not Policy.objects.exists()
    assert not Baseline.objects.exists()
