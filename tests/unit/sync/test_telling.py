"""Who waits at a terminal hears how far it is: not in the first two seconds, and not more often than that."""

import pytest

from edgeshop.sync.services.telling import Telling

pytestmark = pytest.mark.unit


def test_it_speaks_every_two_seconds_however_often_something_moves():
    now, lines = [0.0], []
    telling = Telling(lines.append, lambda: f"{now[0]:.1f}", now_s=lambda: now[0])

    for tenth in range(1, 61):
        now[0] = tenth / 10
        telling()

    assert lines == ["2.0", "4.0", "6.0"]


def test_what_is_quick_says_nothing():
    lines: list[str] = []
    telling = Telling(lines.append, lambda: "late", now_s=lambda: 1.0)

    for _ in range(1000):
        telling()

    assert lines == []
