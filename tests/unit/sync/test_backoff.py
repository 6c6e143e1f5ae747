"""Attempts whose bytes are for nothing come less and less often; those that cost nothing come at each tick."""

from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from edgeshop.fleet.services import CloudClient
from edgeshop.journal.services import append
from edgeshop.sync.services import backoff, grading
from edgeshop.sync.services import tick as ticking
from edgeshop.sync.services.egress.budget import Budget
from tests.factories.checkout import HeldClock
from tests.factories.house import House
from tests.factories.http_server import serving

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
TICK_S, HOUR_S = 2, 3600
NOBODY = "http://127.0.0.1:9"


class Hotspot(BaseHTTPRequestHandler):
    """Answers everything, with a page that is not ours."""

    asked = 0

    def do_GET(self) -> None:
        """Also what is posted."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Hotspot.asked += 1
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 -- as the library calls it

    def log_message(self, *_said: Any) -> None:
        """Nothing."""


@pytest.fixture
def hotspot() -> Iterator[str]:
    Hotspot.asked = 0
    with serving(Hotspot) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def lead_to(url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, cloud_url=url))
    monkeypatch.setattr(ticking, "_client", CloudClient())


def attempts(held_clock: HeldClock, seconds: int, *, every_s: int = TICK_S) -> int:
    """Attempts in so long, of those that ticks may make."""
    tried = 0
    for _ in range(seconds // every_s):
        held_clock.move(seconds=every_s)
        tried += ticking.is_due()
        ticking.tick()
    return tried


def test_who_answers_in_the_cloud_s_place_is_asked_less_and_less_often(
    house: House, hotspot: str, settings: Any, monkeypatch: pytest.MonkeyPatch, held_clock: HeldClock
):
    append("test.sold.v1", {})
    lead_to(hotspot, settings, monkeypatch)

    attempts(held_clock, HOUR_S)

    assert HOUR_S / 60 <= Hotspot.asked < HOUR_S / 15  # half a minute apart by the mean of full jitter


def test_without_money_it_is_asked_a_few_times_an_hour(
    house: House, hotspot: str, settings: Any, monkeypatch: pytest.MonkeyPatch, held_clock: HeldClock
):
    append("test.sold.v1", {})
    lead_to(hotspot, settings, monkeypatch)
    spent = Budget(cap=1.0, spent=2.0, bucket=0.0, pool=0.0, fee=1500.0)
    monkeypatch.setattr(grading, "budget_here", lambda _rules: spent)

    attempts(held_clock, HOUR_S, every_s=20)  # it learns
    Hotspot.asked = 0
    attempts(held_clock, 4 * HOUR_S, every_s=20)

    assert 1 <= Hotspot.asked <= 30


def test_a_link_without_anybody_is_tried_at_each_tick(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch, held_clock: HeldClock
):
    append("test.sold.v1", {})
    lead_to(NOBODY, settings, monkeypatch)

    assert attempts(held_clock, 60) == 60 // TICK_S


def test_an_answer_ends_the_waiting_and_who_cannot_wait_does_not(
    house: House, hotspot: str, settings: Any, monkeypatch: pytest.MonkeyPatch, held_clock: HeldClock
):
    monkeypatch.setattr(backoff.random, "uniform", lambda _least, most: most)
    lead_to(hotspot, settings, monkeypatch)
    ticking.tick()
    assert (backoff.is_put_off(), ticking.tick()) == (True, None)

    monkeypatch.setattr(ticking, "_client", house.client)

    assert ticking.tick(force=True) is not None
    assert not backoff.is_put_off()


def test_a_clock_turned_back_and_a_torn_file_put_nothing_off(house: House, held_clock: HeldClock, tmp_path: Any):
    backoff.put_off()
    held_clock.move(days=-1)
    turned_back = backoff.is_put_off()
    held_clock.move(days=1)
    (tmp_path / "put_off").write_text("[3")

    assert (turned_back, backoff.is_put_off()) == (False, False)
