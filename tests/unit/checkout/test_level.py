"""Between the lower limit and the upper a kiosk sells, but tries to meet its cloud; beyond, nothing on the grant."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache

from edgeshop.checkout.errors import LimitExceeded
from edgeshop.checkout.models import Grant
from edgeshop.checkout.services import grant_level, sell_at_counter
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.kernel import clock, events, jobs
from edgeshop.settings.knobs import REAL
from tests.factories.checkout import DOLL, Browser, Cloud, HeldClock

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def real_policy(kiosk: Kiosk, settings: Any) -> None:
    """The bounds that real kiosks get: this one may let go 200.00, of which 60 % without a word."""
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, limits=REAL))
    cache.delete("grant.urgent")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Jobs and events, in order."""
    said: list[str] = []
    monkeypatch.setattr(jobs, "enqueue", lambda name, **_: said.append(name))
    monkeypatch.setattr(events, "publish", lambda kind, **_: said.append(kind))
    return said


def where() -> tuple[str, int, int]:
    found = grant_level(this_kiosk())
    return found.state.value, found.used_minor, found.window_minor


def sell(dolls: int, tender: str = "invoice") -> None:
    sell_at_counter(lines=[(DOLL, dolls)], tender=tender, staff="ben", at=clock.now())


def test_a_kiosk_without_a_grant_or_past_its_end_has_expired(cloud: Cloud, held_clock: HeldClock) -> None:
    assert where() == ("expired", 0, 0)
    cloud.grant()
    assert where() == ("ok", 0, 20_000)
    held_clock.move(hours=24)
    assert where() == ("expired", 0, 0)


def test_from_sixty_percent_on_it_is_low_and_then_used_up(till: Kiosk) -> None:
    seen = []
    for dolls in (4, 4, 3, 1, 4, 3):  # 10.50 each
        sell(dolls)
        seen.append(where())

    assert seen == [
        ("ok", 4_200, 20_000), ("ok", 8_400, 20_000), ("ok", 11_550, 20_000), ("low", 12_600, 20_000),
        ("low", 16_800, 20_000), ("low", 19_950, 20_000),
    ]  # fmt: skip
    with pytest.raises(LimitExceeded):
        sell(1)
    sell(1, tender="cash")
    Browser().sit().fetch_tokens(1)  # the last 0.50 are reserved
    assert where() == ("used_up", 20_000, 20_000)


def test_the_last_order_of_the_count_uses_it_up(till: Kiosk) -> None:
    Grant.objects.update(count_ceil=1)
    sell(1)

    assert where()[0] == "used_up"


def test_beyond_the_lower_limit_it_sells_and_tries_to_get_online_once_in_a_while(
    till: Kiosk, told: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    for dolls in (4, 4, 4, 4):
        with django_capture_on_commit_callbacks(execute=True):
            sell(dolls)

    assert [kind for kind in told if kind != "order.committed"] == ["sync.now", "grant.low"]


def test_below_it_nobody_is_troubled(till: Kiosk, told: list[str], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sell(4)
        sell(4, tender="cash")

    assert set(told) == {"order.committed"}
