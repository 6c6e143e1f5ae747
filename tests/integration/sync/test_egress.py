"""What the ledger says, against what a proxy on the way has seen."""

import sqlite3
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from edgeshop.kernel.traffic import CountingAdapter, counted
from edgeshop.qa.faults import Links
from edgeshop.qa.links import Link, LinkBoard, Traffic
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk
from tests.factories.http_server import serving

pytestmark = pytest.mark.integration
_REST_S = 3.0  # longer than a tick: between two of them a busy kiosk stands still, too
_TOLERANCE = 0.02


class _Echo(BaseHTTPRequestHandler):
    """Answers with as many bytes as the address says, whole or in chunks; the connection is kept."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = b"x" * int(self.path.partition("?")[0].rpartition("/")[2])
        self.send_response(200 if body else 204)
        if self.path.startswith("/chunks/"):
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:999], body[999:]) if part)
            body += b"0\r\n\r\n"
        elif body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def way() -> Iterator[Link]:
    """A link that counts, and a server at its end."""
    with serving(_Echo) as server, LinkBoard(seed=1) as board:
        yield board.add("counted", upstream=server.server_port)


def talk(session: requests.Session, url: str) -> None:
    """Small and large, both ways, whole and in chunks, and an answer that nobody reads to its end."""
    session.post(f"{url}/0", data=b"y" * 40_000)
    session.get(f"{url}/300?{'q' * 200}")
    session.post(f"{url}/200000", data=b"z" * 10)
    session.get(f"{url}/chunks/5000")
    session.get(f"{url}/0")


def test_what_is_counted_is_what_a_proxy_saw_to_the_byte(way):
    with requests.Session() as session:
        session.mount("http://", CountingAdapter())
        with counted() as moved:
            talk(session, way.url)

    assert Traffic(moved.up_bytes, moved.down_bytes) == way.traffic
    assert moved.up_bytes > 40_000
    assert moved.down_bytes > 205_000


def test_a_connection_that_does_not_count_is_noticed(way):
    """The control: the comparison above fails for it."""
    with requests.Session() as session, counted() as moved:
        talk(session, way.url)

    assert Traffic(moved.up_bytes, moved.down_bytes) != way.traffic
    assert moved.up_bytes == 0


def test_a_long_answer_over_a_slow_line_tells_its_rate(way):
    way.set("slow4g")
    with requests.Session() as session:
        session.mount("http://", CountingAdapter())
        with counted() as fast_and_slow:
            session.get(f"{way.url}/200000")

    assert fast_and_slow.rates_bit_s
    assert all(rate < 20e6 for rate in fast_and_slow.rates_bit_s)
    assert min(fast_and_slow.waits_s) > 0.02


def ledger_of(kiosk: Kiosk) -> Traffic:
    """What the kiosk has written down so far."""
    asked = "SELECT COALESCE(SUM(up_bytes), 0), COALESCE(SUM(down_bytes), 0) FROM sync_egress"
    with sqlite3.connect(f"file:{kiosk.state}/kiosk.sqlite3?mode=ro", uri=True) as db:
        up, down = db.execute(asked).fetchone()
    return Traffic(up, down)


def caught_up(kiosk: Kiosk, links: Links) -> tuple[Traffic, Traffic]:
    """What went over the link and what is written down of it: a contact is written down when it is over."""
    at_rest = [(links.back.traffic, ledger_of(kiosk))]

    def stands_still() -> bool:
        time.sleep(_REST_S)
        at_rest.append((links.back.traffic, ledger_of(kiosk)))
        return at_rest[-1] == at_rest[-2]

    kiosk.wait_until(stands_still, what="a ledger that has caught up")
    return at_rest[-1]


def test_a_kiosks_ledger_is_within_two_percent_of_what_went_over_its_link(kiosk, links):
    seat = Seat(kiosk.front.url)
    seat.draw(4)
    kiosk.wait_until(kiosk.is_quiet, what="a quiet start")
    seen, written = caught_up(kiosk, links)

    for _ in range(3):
        seat.sell((seat.sellable(policy="shelf")[0], 1))
        kiosk.wait_until(kiosk.is_quiet, what="empty outbox")
    kiosk.manage("sync")

    moved, now = caught_up(kiosk, links)
    up, down = moved.up_bytes - seen.up_bytes, moved.down_bytes - seen.down_bytes
    assert up > 2000
    assert now.up_bytes - written.up_bytes == pytest.approx(up, rel=_TOLERANCE)
    assert now.down_bytes - written.down_bytes == pytest.approx(down, rel=_TOLERANCE)
