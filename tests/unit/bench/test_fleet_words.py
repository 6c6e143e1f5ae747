"""What the fleet bench's kiosks say, against what real ones say and a real cloud makes of it."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.fleet.moved import MONTH_DAYS, Ledger
from bench.fleet.till import Till
from bench.fleet.words import Memory, sections, take
from edgeshop.fleet.services.keys import DEVICE_KEY, subject_of
from edgeshop.journal import contact
from edgeshop.sync.models import DayEgress, LinkAccount, PricedTable
from edgeshop.sync.services.words import to_words
from edgeshop.vault.services import MemoryKeystore, new_hot_key
from edgeshop.vault.services.artefacts import has_root, trusted_home
from tests.factories.fleet import KIOSK

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
_NEVER_SAID = {"repair", "bundles"}  # by the bench, as its words.py says
_NEW = {"egress", "schedule", "erasures"}


@pytest.fixture
def memory() -> Memory:
    return Memory("serial", [], Ledger(random.Random(1)))


@pytest.fixture
def say(house, memory, monkeypatch):
    """What a simulated kiosk says now, by section."""
    monkeypatch.setattr(Till, "grant_id", "grant")
    till = Till(KIOSK, 1, "", b"", goods=None, rng=random.Random(1), now_s=0, seq=1)
    store = MemoryKeystore()
    store.create(DEVICE_KEY)
    hot = new_hot_key(subject=subject_of(KIOSK), keystore=store, key=DEVICE_KEY)
    return lambda: sections(memory, till, hot)


def answer(house, memory: Memory, said: dict[str, Any]) -> dict[str, Any]:
    """Let the cloud answer the sections that are tried here, and the simulated kiosk take it."""
    with house.cloud():
        told = {s.name: s.answer(KIOSK, said.get(s.name)) for s in contact.sections() if s.name in _NEW}
    told = {name: answered for name, answered in told.items() if answered is not None}
    take(memory, None, told)
    return told


def a_day() -> str:
    return datetime.now(UTC).date().isoformat()


def test_every_section_of_a_real_kiosk_is_said_and_no_other(memory, say):
    memory.ledger.live_a_month()

    said = say()

    assert said.keys() - {"cursors"} == {section.name for section in contact.sections()} - _NEVER_SAID


def test_sections_have_the_words_that_a_real_kiosk_has(house, memory, say):
    assert not has_root(trusted_home())
    real = {s.name: said for s in contact.sections() if (said := s.ask()) is not None and s.name != "audit"}

    said = say()

    ours = to_words({name: said[name] for name in real}).keys()
    assert ours - to_words(real).keys() == {"grants.last"}  # the real one has no journal yet
    assert to_words(real).keys() <= ours


def test_a_month_and_what_moved_since_are_kept_by_the_cloud_as_told(house, memory, say):
    memory.ledger.live_a_month()
    memory.ledger.count(up={"facts": 40}, up_bytes=100, down={"upkeep": 10}, down_bytes=30)
    answer(house, memory, say())
    memory.ledger.end_hour()
    answer(house, memory, say())

    with house.cloud():
        today = DayEgress.objects.filter(on=a_day()).order_by("stream")
        rows = [(row.stream, row.grade, row.up_bytes, row.down_bytes) for row in today]
        assert rows == [("contact", "B", 60, 20), ("facts", "B", 40, 0), ("upkeep", "B", 0, 10)]
        earlier = DayEgress.objects.exclude(on=a_day()).values_list("on", flat=True).distinct()
        assert sorted(earlier)[0] == datetime.now(UTC).date() - timedelta(days=MONTH_DAYS)
        assert len(earlier) == MONTH_DAYS


def test_what_moved_is_told_once_an_hour_is_over(memory):
    memory.ledger.count(up={}, up_bytes=100, down={}, down_bytes=0)
    assert memory.ledger.told == {}
    memory.ledger.end_hour()
    assert memory.ledger.told == {a_day(): [[0, 1, 100, 0, 0]]}


def test_a_table_is_held_and_told_once(house, memory, say):
    with house.cloud():
        node_class = LinkAccount.objects.get_or_create(pk=KIOSK, defaults={"place": 0})[0].kiosk.node_class
        PricedTable.objects.create(node_class=node_class, place=0, mu=1, table=b"table", day_bytes=1, day_usd=1)

    assert "schedule" in answer(house, memory, say())
    assert memory.table == b"table"
    assert answer(house, memory, say()) == {}


def test_a_new_disk_asks_once_whom_it_has_erased(house, memory, say):
    assert answer(house, memory, say()) == {"erasures": {"erased": []}}
    assert "erasures" not in say()
    assert memory.odd == []
