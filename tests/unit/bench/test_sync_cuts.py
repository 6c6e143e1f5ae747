"""A transfer is cut everywhere both ways, and a cut that breaks nothing is counted: a real client, proxy and server."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import requests

from bench.sync.counting import CountingProxy
from bench.sync.cuts import Cuts
from tests.factories.http_server import serving

pytestmark = pytest.mark.unit
BODY, ANSWER = b"o" * 900, b"a" * 2_500
EACH_WAY = 51  # 49 places, and twice the whole of it


class Kiosk:
    """Sends one body again and again. `tries` are made before it says that the link has broken; after the last cut it
    sends `extra` bytes more.
    """

    def __init__(self, port: int, tries: int = 1, extra: int = 0) -> None:
        self.url, self.tries, self.extra, self.lost = f"http://127.0.0.1:{port}/", tries, extra, 0
        self.session = requests.Session()

    def do(self, what: str, step: str = "") -> dict[str, Any]:
        if what == "have":
            return {"bytes": 0}
        for _ in range(self.tries):
            if self.has_heard():
                return {"broken": False, "is_more": False}
            self.lost += 1
        return {"broken": True}

    def has_heard(self) -> bool:
        """Whether an answer has come whole; one whose head was cut has no length to miss."""
        try:
            more = b"x" * self.extra if self.lost == 2 * EACH_WAY else b""
            answer = self.session.post(self.url, BODY + more, timeout=5)
        except requests.RequestException:
            return False
        return answer.content == ANSWER


class Server(BaseHTTPRequestHandler):
    """Answers as soon as the request is whole."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        if len(self.rfile.read(int(self.headers["Content-Length"]))) < len(BODY):
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[CountingProxy]:
    with serving(Server) as server:
        server.handle_error = lambda *_: None
        proxy = CountingProxy(server.server_port)
        yield proxy
        proxy.close()


def test_every_place_is_cut_both_ways(proxy: CountingProxy) -> None:
    cuts = Cuts(Kiosk(proxy.port).do, proxy)
    cuts.all_of("ask")
    [transfer] = cuts.transfers

    assert transfer.fired == {"up": EACH_WAY, "down": EACH_WAY}
    assert cuts.missed == 0
    assert len(BODY) < transfer.size["up"] < len(BODY) + 300
    assert len(ANSWER) < transfer.size["down"] < len(ANSWER) + 300
    assert cuts.waste("up") == transfer.size["up"]
    assert transfer.size["down"] * 0.97 < cuts.waste("down") < transfer.size["down"]


def test_a_cut_that_the_kiosk_does_not_notice_is_missed_and_so_are_all_that_are_left(proxy: CountingProxy) -> None:
    cuts = Cuts(Kiosk(proxy.port, tries=2).do, proxy)
    cuts.all_of("ask")

    assert cuts.missed == 2 * EACH_WAY


def test_a_link_that_is_not_cut_has_all_cuts_missed(proxy: CountingProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "cut", lambda _cut: None)
    cuts = Cuts(Kiosk(proxy.port).do, proxy)
    cuts.all_of("ask")

    assert cuts.missed == 2 * EACH_WAY


def test_what_the_last_loss_makes_larger_is_its_waste(proxy: CountingProxy) -> None:
    cuts = Cuts(Kiosk(proxy.port, extra=700).do, proxy)
    cuts.all_of("ask")
    [transfer] = cuts.transfers

    assert cuts.waste("up") >= transfer.size["up"] + 700
    assert transfer.worst["up"].endswith("and the next")


def test_each_cut_is_watched(proxy: CountingProxy) -> None:
    seen = []
    Cuts(Kiosk(proxy.port).do, proxy, lambda: seen.append(1)).through("ask")

    assert len(seen) == 2 * EACH_WAY + 1
