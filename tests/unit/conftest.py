"""What unit tests of every room may need."""

import pytest

from edgeshop.kernel import clock
from tests.factories.checkout import HeldClock


@pytest.fixture
def held_clock(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """Ten o'clock on a Monday, until moved."""
    held = HeldClock()
    monkeypatch.setattr(clock, "timestamp", held.timestamp)
    return held
