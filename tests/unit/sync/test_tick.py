"""When a kiosk contacts its cloud, alone, and what it says when the link comes and goes."""

import pytest
import requests

from edgeshop.journal.services import append
from edgeshop.kernel import events
from edgeshop.sync import tasks
from edgeshop.sync.services import tick as ticking
from edgeshop.sync.services.state import is_out_of_reach, last_contact
from edgeshop.sync.services.turn import turn

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def kiosk(house, monkeypatch, held_clock):
    """A kiosk whose worker has just started and has nothing to fetch."""
    monkeypatch.setattr(ticking, "_client", house.client)
    monkeypatch.setattr(ticking, "_was_up", None)
    return house


@pytest.fixture
def links(monkeypatch) -> list[str]:
    said: list[str] = []

    def note(kind, payload):
        if kind == "link.changed":
            said.append(payload["cloud"])

    monkeypatch.setattr(events, "_publisher", note)
    return said


def cut(house) -> None:
    def fail(_request):
        raise requests.ConnectionError

    house.wire.on_the_way_up = fail


def heal(house) -> None:
    house.wire.on_the_way_up = lambda _request: None


def test_a_contact_is_due_at_first_then_when_time_has_passed_or_something_waits(kiosk, held_clock):
    due = [ticking.is_due()]
    ticking.tick()
    due.append(ticking.is_due())
    held_clock.move(seconds=29)
    due.append(ticking.is_due())
    held_clock.move(seconds=1)
    due.append(ticking.is_due())
    ticking.tick()
    append("test.sold.v1", {})
    due.append(ticking.is_due())

    assert due == [True, False, False, True, True]


def test_a_clock_turned_back_makes_a_contact_due(kiosk, held_clock):
    ticking.tick()

    held_clock.move(days=-3)

    assert ticking.is_due()


def test_a_tick_that_is_not_due_asks_nobody(kiosk):
    ticking.tick()
    kiosk.wire.asked.clear()

    assert ticking.tick() is None
    assert kiosk.wire.asked == []

    tasks.sync_now()
    assert len(kiosk.wire.asked) == 1


def test_only_one_process_talks_to_the_cloud(kiosk):
    with turn(wait=True) as mine:
        assert mine
        assert ticking.tick(force=True) is None
    assert kiosk.wire.asked == []

    assert ticking.tick().contacts >= 1


def test_a_link_that_comes_and_goes_is_told_once_each_time(kiosk, links):
    for act in (heal, heal, cut, cut, cut, heal):
        act(kiosk)
        ticking.tick(force=True)

    assert links == ["connected", "alone", "connected"]


def test_an_outage_is_a_normal_day_and_loses_nothing(kiosk):
    cut(kiosk)
    append("test.sold.v1", {})

    assert ticking.tick() is None
    assert last_contact() is None

    heal(kiosk)
    assert ticking.tick().acknowledged == 1


def test_a_cloud_out_of_reach_is_asked_again_at_each_tick_until_it_answers(kiosk):
    ticking.tick()
    cut(kiosk)
    ticking.tick(force=True)

    noticed = (is_out_of_reach(), ticking.is_due())
    heal(kiosk)
    ticking.tick()

    assert noticed == (True, True)
    assert (is_out_of_reach(), ticking.is_due()) == (False, False)


def test_the_last_contact_outlives_a_torn_file(kiosk, tmp_path):
    (tmp_path / "last_contact").write_text("17.")
    assert last_contact() == 17.0

    (tmp_path / "last_contact").write_text("")
    assert last_contact() is None
