"""Instants as people read them."""

from datetime import timedelta

import pytest

from edgeshop.fleet.ago import ago
from edgeshop.kernel import clock

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "just now"), (59, "just now"), (60, "1\xa0minute ago"), (7200, "2\xa0hours ago")]
)
def test_an_instant_is_said_as_people_say_it(held_clock, seconds, said):
    assert ago(clock.now() - timedelta(seconds=seconds)) == said


def test_what_never_was_is_never():
    assert ago(None) == "never"
