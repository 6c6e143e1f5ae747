"""Whatever happens on the way, a kiosk comes to what is wanted, or says why it will not; and this test would notice.

A made-up kiosk and a made-up cloud use the real document and the real machine. Messages are doubled, swapped and lost,
the cloud is edited and put back to an older copy, and the kiosk is killed before and after any effect.
`EDGESHOP_TWIN_CASES=10000` runs as many cases as the design asks for.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from edgeshop.fleet.components import Step
from edgeshop.fleet.services.twin import document, machine
from edgeshop.fleet.services.twin.document import Desired, Held
from edgeshop.fleet.services.twin.machine import Turn
from edgeshop.fleet.services.twin.progress import LOCK_S, TRIES_MAX, Progress, State, hash_of

pytestmark = pytest.mark.unit
CASES = int(os.environ.get("EDGESHOP_TWIN_CASES", "150"))
NAMES = ("policy", "table")
logging.getLogger(machine.__name__).setLevel(logging.CRITICAL)  # hundreds of thousands of tries that are meant to fail
KILLS_MAX = 8  # fewer than the interruptions that reject a target


class Killed(BaseException):
    """The plug."""


@dataclass
class Box:
    """What survives a kill: the rows, and what runs. `fuse` counts down to the next kill; None: none comes."""

    rows: dict[str, Progress] = field(default_factory=dict)
    running: dict[str, Any] = field(default_factory=dict)
    staged: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in NAMES})
    tries: dict[str, int] = field(default_factory=dict)
    has_link: bool = True
    fuse: int | None = None

    def burn(self) -> None:
        """One more place at which the plug may be pulled."""
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self.fuse = None
                raise Killed

    def keep(self, row: Progress) -> None:
        self.burn()
        self.rows[row.component] = row
        self.burn()


@dataclass
class Parts:
    """One component of the box. A target whose `bad` names a step fails there, each time."""

    box: Box
    name: str

    def _go(self, step: str, target: Any, effect: Callable[[], None] = lambda: None) -> Step:
        self.box.burn()
        if target["bad"] == step:
            if self.box.rows[self.name].hash == hash_of(target):
                self.box.tries[hash_of(target)] = self.box.tries.get(hash_of(target), 0) + 1
            if step == "activate":
                self.box.running[self.name] = target  # half way, and then it breaks
            raise ValueError(step)
        effect()
        self.box.burn()
        return Step.DONE

    def fetch(self, target: Any) -> Step:
        return self._go("fetch", target) if self.box.has_link else Step.NO_LINK

    def verify(self, target: Any) -> Step:
        return self._go("verify", target)

    def stage(self, target: Any) -> Step:
        return self._go("stage", target, lambda: self.box.staged[self.name].add(hash_of(target)))

    def activate(self, target: Any) -> Step:
        assert hash_of(target) in self.box.staged[self.name]
        return self._go("activate", target, lambda: self.box.running.update({self.name: target}))

    def check(self, target: Any) -> Step:
        assert self.box.running[self.name] == target
        return self._go("check", target)

    def clear(self) -> None:
        self.box.burn()
        self.box.running.pop(self.name, None)


BAD = ("", "", "", "fetch", "verify", "stage", "activate", "check")


class Twin(RuleBasedStateMachine):
    """A kiosk and its cloud."""

    answer_for = staticmethod(document.answer_for)
    advance = staticmethod(machine.advance)

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1_000_000.0
        self.box, self.held, self.desired = Box(), Held(), Desired()
        self.copy = self.desired
        self.up: list[Any] = []
        self.down: list[Any] = []
        self.kills = 0
        self.is_in_use = False

    # the cloud

    @rule(name=st.sampled_from(NAMES), number=st.integers(0, 3), bad=st.sampled_from(BAD))
    def edit(self, name, number, bad):
        target = {"version": number, "bad": bad}
        self.desired = self.desired.renewed({**self.desired.targets, name: target})

    @rule(name=st.sampled_from(NAMES))
    def take_away(self, name):
        self.desired = self.desired.renewed({n: t for n, t in self.desired.targets.items() if n != name})

    @rule()
    def copy_the_cloud(self):
        self.copy = self.desired

    @rule()
    def put_the_cloud_back(self):
        self.desired = self.copy

    # the link

    @rule()
    def ask(self):
        self.up.append(self.held.place)

    @precondition(lambda self: self.up)
    @rule(data=st.data(), is_doubled=st.booleans())
    def hear(self, data, is_doubled):
        at = data.draw(st.integers(0, len(self.up) - 1))
        place = self.up[at] if is_doubled else self.up.pop(at)
        self._answer(place)

    @precondition(lambda self: self.down)
    @rule(data=st.data(), is_doubled=st.booleans())
    def take(self, data, is_doubled):
        at = data.draw(st.integers(0, len(self.down) - 1))
        told = self.down[at] if is_doubled else self.down.pop(at)
        self.held = document.taken(self.held, told)

    @rule()
    def contact(self):
        """One that nothing happens to."""
        before, self.down = self.down, []
        self._answer(self.held.place)
        for told in self.down:
            self.held = document.taken(self.held, told)
        self.down = before

    @rule(has_link=st.booleans())
    def link(self, has_link):
        self.box.has_link = has_link

    # the kiosk

    @rule(minutes=st.sampled_from([-30, 0, 2, 15, 90]))
    def time(self, minutes):
        self.now_s += minutes * 60

    @rule(is_in_use=st.booleans())
    def use(self, is_in_use):
        self.is_in_use = is_in_use

    @rule()
    def turn(self):
        self._turn()

    @precondition(lambda self: self.kills < KILLS_MAX)
    @rule(fuse=st.integers(0, 40))
    def turn_and_be_killed(self, fuse):
        self.box.fuse = fuse
        try:
            self._turn()
        except Killed:
            self.kills += 1
        self.box.fuse = None

    def _answer(self, place: Any) -> None:
        self.desired = self.desired.renewed(self.desired.targets, above=place[0])
        told = self.answer_for(self.desired, place)
        if told is not None:
            self.down.append(told)

    def _turn(self) -> None:
        for name in NAMES:
            row = self.box.rows.get(name, Progress(name))
            turn = Turn(Parts(self.box, name), self.box.keep, self.now_s, self.is_in_use)
            self.advance(row, self.held.targets.get(name), turn)

    @invariant()
    def what_is_committed_runs(self):
        for name, row in self.box.rows.items():
            if row.state is State.COMMITTED and not row.is_begun:
                assert self.box.running.get(name) == row.target
            if row.state is State.REVERTED and not row.is_begun:
                assert self.box.running.get(name) == row.committed

    @invariant()
    def nobody_tries_for_ever(self):
        assert all(count <= TRIES_MAX + self.kills + self.times_aimed for count in self.box.tries.values())

    @property
    def times_aimed(self) -> int:
        """Each time something else was wanted meanwhile, a target that is not rejected yet begins anew."""
        return TRIES_MAX * self.desired.version

    def teardown(self):
        """From here on the link holds and nobody pulls the plug: it takes a few contacts and turns."""
        self.box.has_link, self.is_in_use = True, False
        for _ in range(8):
            self.down.clear()
            self._answer(self.held.place)
            for told in self.down:
                self.held = document.taken(self.held, told)
            self._turn()
            self.now_s += 3600
        assert self.held.targets == self.desired.targets
        for name, target in self.desired.targets.items():
            self._has_arrived(self.box.rows[name], target)

    def _has_arrived(self, row: Progress, target: Any) -> None:
        if target["bad"]:
            assert row.is_rejected(hash_of(target))
            assert (row.state, row.problem != "") == (State.REVERTED, True)
            assert self.box.running.get(row.component) == row.committed
        else:
            assert (row.state, row.target) == (State.COMMITTED, target)
            assert self.box.running[row.component] == target


RULES = settings(
    max_examples=CASES, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def test_the_wanted_state_is_reached_or_refused_with_a_reason_whatever_happens():
    run_state_machine_as_test(Twin, settings=RULES)


def by_number_alone(desired, place):
    """Tells what is new by its number, and does not look at what the kiosk holds."""
    return None if place[0] == desired.version else document.answer_for(desired, place)


def without_journal(row, wanted, turn):
    """Forgets that a step was under way."""
    return machine.advance(
        row, wanted, replace(turn, keep=lambda kept: turn.keep(replace(kept, is_begun=False, is_touched=False)))
    )


def unverified_is_current(row, wanted, turn):
    """After a crash in the middle, what was being activated counts as committed."""
    if row.is_begun and row.state is State.STAGED:
        row = replace(row, state=State.COMMITTED, committed=row.target, is_begun=False, is_touched=False)
    return machine.advance(row, wanted, turn)


def never_again(row, wanted, turn):
    """One failure is enough to give up without a word."""
    if row.state is State.REVERTED and not row.is_begun and row.failures:
        return row
    return machine.advance(row, wanted, turn)


BROKEN = {
    "by_number_alone": {"answer_for": staticmethod(by_number_alone)},
    "without_journal": {"advance": staticmethod(without_journal)},
    "unverified_is_current": {"advance": staticmethod(unverified_is_current)},
    "never_again": {"advance": staticmethod(never_again)},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_machine_is_found(name):
    broken = type(f"Broken_{name}", (Twin,), dict(BROKEN[name]))
    many = settings(RULES, max_examples=10_000, phases=[Phase.generate], print_blob=False, derandomize=True)

    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(broken, settings=many)


def test_a_kiosk_in_use_puts_an_activation_off_for_a_time_and_no_longer():
    box = Box()
    target = {"version": 1, "bad": ""}

    def at(now_s: float) -> State:
        row = box.rows.get("policy", Progress("policy"))
        return machine.advance(row, target, Turn(Parts(box, "policy"), box.keep, now_s, is_in_use=True)).state

    assert [at(1000.0), at(1000.0 + LOCK_S - 1), at(1000.0 + LOCK_S)] == [State.STAGED, State.STAGED, State.COMMITTED]
