"""What the panel hears of browsers on their link."""

import pytest

from edgeshop.qa.watch import Request
from edgeshop.shop.demo import picture
from edgeshop.shop.demo.picture import Screens

pytestmark = pytest.mark.unit


@pytest.fixture
def now(monkeypatch) -> list[float]:
    moments = [1000.0]
    monkeypatch.setattr(picture.time, "monotonic", lambda: moments[0])
    return moments


def heartbeat(screen: str, unsent: object) -> Request:
    return Request("GET", f"/api/health?screen={screen}&unsent={unsent}")


def test_heartbeats_are_counted_even_when_they_do_not_arrive(now):
    screens = Screens()

    screens.hear(heartbeat("a", 2), False)
    screens.hear(heartbeat("b", 1), True)
    screens.hear(heartbeat("a", 3), False)

    assert screens.counts() == (2, 4)


def test_a_silent_screen_is_closed_but_its_orders_still_wait(now):
    screens = Screens()
    screens.hear(heartbeat("a", 2), False)
    screens.hear(heartbeat("b", 0), True)

    now[0] += 31

    assert screens.counts() == (0, 2)


def test_orders_are_counted_when_they_get_through(now):
    screens = Screens()

    screens.hear(Request("POST", "/api/orders"), False)
    screens.hear(Request("POST", "/api/orders"), True)
    screens.hear(Request("POST", "/api/orders/status"), True)
    screens.hear(Request("GET", "/api/orders"), True)

    assert screens.handed_over == 1


@pytest.mark.parametrize(
    "target", ["/api/health", "/api/health?unsent=2", "/api/health?screen=a&unsent=-1", "/?unsent=9"]
)
def test_odd_heartbeats_are_ignored(now, target):
    screens = Screens()

    screens.hear(Request("GET", target), True)

    assert screens.counts() == (0, 0)
