"""The address list reads its role once, when it is imported; tests are a cloud unless they say otherwise."""

import pytest

import edgeshop.urls  # noqa: F401 -- imported before any test can change the role
from edgeshop.kernel import clock
from tests.factories.checkout import HeldClock


@pytest.fixture
def held_clock(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """Ten o'clock on a Monday, until moved."""
    held = HeldClock()
    monkeypatch.setattr(clock, "timestamp", held.timestamp)
    return held
