"""Who is started again, and when."""

import pytest

from edgeshop.qa.node import Part
from edgeshop.shop.demo.power import BackOff, Power

pytestmark = pytest.mark.unit


class Box:
    """A node as far as Power can see: parts that run, and a record of what was asked."""

    name = "kiosk-1"

    def __init__(self) -> None:
        self.up = set(Part)
        self.started: list[tuple[Part, ...]] = []

    def running(self) -> dict[Part, bool]:
        return {part: part in self.up for part in Part}

    def start(self, *parts: Part) -> None:
        self.started.append(parts)
        self.up |= set(parts or Part)

    def kill(self) -> None:
        self.up.clear()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def power(box, said, monkeypatch) -> Power:
    monkeypatch.setattr("edgeshop.shop.demo.power._FIRST_WAIT_S", 0.0)
    return Power([box], said.append)


def test_waits_double_up_to_a_longest_one():
    back_off, now, waits = BackOff(), 100.0, []

    for _ in range(7):
        crashed_at = now
        while not back_off.may_start(now):
            now += 0.5
        waits.append(now - crashed_at)

    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_a_steady_minute_makes_the_next_crash_a_first_one():
    back_off = BackOff()
    for now in (0.0, 1.0, 1.5, 3.5):
        back_off.may_start(now)

    assert back_off.may_start(100.0) is False
    assert back_off.may_start(101.0) is True


def test_what_crashed_is_started_again_and_nothing_else(power, box, said):
    box.up.remove(Part.WORKER)

    power.watch_once()

    assert box.started == [(Part.WORKER,)]
    assert said == ["kiosk-1.worker ended by itself; starting it again"]


def test_what_runs_is_left_alone(power, box):
    power.watch_once()

    assert box.started == []


def test_a_pulled_plug_stays_pulled(power, box):
    power.pull(box)

    power.watch_once()

    assert (power.is_off(box), box.started) == (True, [])


def test_plugging_in_starts_everything(power, box):
    power.pull(box)

    power.plug_in(box)

    assert (power.is_off(box), box.started, box.up) == (False, [()], set(Part))
