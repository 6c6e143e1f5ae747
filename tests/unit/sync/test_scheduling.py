"""How a table reaches a kiosk, when the kiosk makes contact by it, and what happens when nothing moves."""

from dataclasses import replace

import numpy as np
import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.sync.errors import TableMalformed
from edgeshop.sync.models import HeldTable, LinkAccount, PricedTable
from edgeshop.sync.schedule import Table
from edgeshop.sync.schedule.table import NEVER
from edgeshop.sync.schedule.workload import SLOTS
from edgeshop.sync.services import scheduling, synchronise
from edgeshop.sync.services import tick as ticking
from edgeshop.sync.services.watch import link_standing
from tests.factories.fleet import KIOSK
from tests.factories.links import go_by, move, on, rules

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
_HOUR_S = 3600


def table(must: int = 4) -> Table:
    """One change of prices in a slot; `must` of them are worth a contact."""
    even = np.ones((SLOTS, 1), np.uint8)
    rates = np.ones((24, 1))
    never = even * NEVER
    return Table(("prices",), 1.0, even * must, even, never, never, rates, np.array([3], np.uint8))


@pytest.fixture
def kiosk(house, monkeypatch, held_clock):
    """A kiosk whose worker has just spoken to its cloud."""
    held_clock.at = on(10, 9)
    monkeypatch.setattr(ticking, "_client", house.client)
    monkeypatch.setattr(ticking, "_was_up", None)
    monkeypatch.setattr(ticking, "_given_up", None)
    ticking.tick()
    return house


def give(house, found: Table) -> None:
    """The cloud steers the kiosk by this table from now on."""
    with house.cloud():
        node_class = Kiosk.objects.get(pk=KIOSK).node_class
        said = {"mu": 1.0, "table": found.to_bytes(), "day_bytes": 1.0, "day_usd": 1.0}
        PricedTable.objects.update_or_create(node_class=node_class, place=0, defaults=said)
        LinkAccount.objects.update_or_create(pk=KIOSK, defaults={"place": 0})


def first_contact_after_s(held_clock, *, step_s: int = 300, most_s: int = 26 * _HOUR_S) -> int:
    for waited in range(step_s, most_s + 1, step_s):
        held_clock.move(seconds=step_s)
        if ticking.is_due():
            return waited
    return -1


def test_a_table_comes_with_a_contact_and_only_when_it_is_another(kiosk):
    give(kiosk, table())
    ticking.tick(force=True)
    held = bytes(HeldTable.objects.get().table)
    ticking.tick(force=True)
    ticking.tick(force=True)

    assert held == table().to_bytes()
    assert kiosk.wire.said[-1].status_code == 204


def test_a_table_that_is_taken_away_leaves_the_settings_rule(kiosk, held_clock):
    give(kiosk, table())
    ticking.tick(force=True)
    with kiosk.cloud():
        LinkAccount.objects.update(place=None)
    ticking.tick(force=True)

    assert not HeldTable.objects.exists()
    assert first_contact_after_s(held_clock, step_s=10) == 30


def test_a_table_that_cannot_be_read_leaves_the_one_in_use(kiosk):
    scheduling.take_schedule({"table": table().to_bytes()})

    with pytest.raises(TableMalformed):
        scheduling.take_schedule({"table": b"no table"})

    assert bytes(HeldTable.objects.get().table) == table().to_bytes()


@pytest.mark.parametrize(("must", "after_s"), [(1, 900), (4, _HOUR_S), (8, 2 * _HOUR_S)])
def test_the_table_decides_when_news_are_worth_a_contact(kiosk, held_clock, must, after_s):
    scheduling.take_schedule({"table": table(must).to_bytes()})

    assert first_contact_after_s(held_clock) == after_s
    assert scheduling.promised_s(ticking.grading.terms_here()) == after_s


def test_an_empty_bucket_puts_off_news_but_not_for_more_than_a_day(kiosk, held_clock):
    go_by(rules("popup", 'cadence.month_bytes = "2 MB"'))
    scheduling.take_schedule({"table": table(1).to_bytes()})
    move("contact", up=250_000)  # more than a day's bucket

    held_clock.move(seconds=4 * 900)
    assert not link_standing().is_stalled  # it saves, and nobody is to be alarmed
    held_clock.move(seconds=-4 * 900)
    assert first_contact_after_s(held_clock) == 15 * _HOUR_S  # the bucket is filled at midnight


def test_without_a_table_the_class_says_how_long_it_may_be_quiet(kiosk, held_clock):
    go_by(rules("vending"))

    assert first_contact_after_s(held_clock, step_s=60) == 900


def test_on_the_dearest_link_facts_wait_for_each_other(kiosk, held_clock, settings):
    from django.db import transaction

    from edgeshop.journal.services import append

    with transaction.atomic():
        append("test.sold.v1", {})
    at_once = ticking.is_due()
    settings.EDGESHOP = replace(
        settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, tariff="roaming", idle_contact_s=_HOUR_S)
    )

    assert at_once
    assert first_contact_after_s(held_clock, step_s=60) == 300


def test_a_page_that_is_not_worth_its_bytes_waits_and_holds_up_nothing(kiosk):
    from edgeshop.journal.services import Page
    from edgeshop.sync.services.promises import link_of

    give(kiosk, replace(table(), can=np.full((SLOTS, 1), 3, np.uint8)))
    with kiosk.cloud():
        link = link_of(Kiosk.objects.select_related("shop").get(pk=KIOSK), "B")

    pages = [Page("prices", 1, 9, [{"key": str(n)} for n in range(count)], [], False) for count in (2, 3)]
    assert [link.is_worth("prices", page) for page in pages] == [False, True]
    assert [link.is_worth("staff", page) for page in pages] == [True, True]


def test_nothing_moved_for_three_gaps_is_said_and_another_connection_tried_once(kiosk, held_clock, monkeypatch):
    made: list[str] = []
    again = type(kiosk.client).again

    def count(client):
        made.append("again")
        fresh = again(client)
        fresh._session.mount("http://", kiosk.wire)
        return fresh

    monkeypatch.setattr(type(kiosk.client), "again", count)
    held_clock.move(seconds=90)
    before = link_standing()
    kiosk.wire.on_the_way_up = cut
    held_clock.move(seconds=1)
    for _ in range(3):
        ticking.tick()
    after = link_standing()

    assert (before.is_stalled, after.is_stalled, after.is_tried, made) == (False, True, True, ["again"])

    kiosk.wire.on_the_way_up = lambda _request: None
    ticking.tick()
    assert not link_standing().is_stalled
    assert synchronise(kiosk.client).failed == {}


def cut(_request):
    import requests

    raise requests.ConnectionError


def test_a_table_of_another_release_is_as_none_on_both_sides(kiosk, held_clock):
    from edgeshop.sync.services.promises import link_of, slot_of

    HeldTable.objects.create(pk=1, table=b"of another form", taken_at=on(1))
    with kiosk.cloud():
        row = Kiosk.objects.select_related("shop").get(pk=KIOSK)
        said = {"mu": 1.0, "table": b"of another form", "day_bytes": 1.0, "day_usd": 1.0}
        PricedTable.objects.create(node_class=row.node_class, place=0, **said)
        LinkAccount.objects.update_or_create(pk=KIOSK, defaults={"place": 0})
        assert link_of(row, "B").table is None

    assert first_contact_after_s(held_clock, step_s=10) == 30
    assert (slot_of(on(1, 6), "Atlantis/Main"), slot_of(on(1, 6), "Europe/Berlin")) == (24, 28)
