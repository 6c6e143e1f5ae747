"""A kiosk and its cloud that have nothing left to say, and a stream whose rows a test can look at on both sides."""

import pytest

from edgeshop.journal import registry
from edgeshop.sync.services import synchronise
from tests.factories.fleet import House
from tests.factories.rows import STREAM, Rows


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    """A stream of rows with digests."""
    rows = Rows()
    monkeypatch.setitem(registry._sources, STREAM, rows.source())
    return rows


@pytest.fixture
def synced(house: House, rows: Rows) -> House:
    """A house at rest; what it asks from now on is kept."""
    with house.cloud():
        rows.put(first=0)
    for _ in range(2):  # what came down in the first is confirmed in the second
        synchronise(house.client)
    house.wire.asked.clear()
    house.wire.said.clear()
    return house
