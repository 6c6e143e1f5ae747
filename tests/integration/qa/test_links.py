"""Links between a real client and a real server on loopback, in every mode."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from edgeshop.qa.links import Link, LinkBoard
from edgeshop.qa.ports import HOST
from edgeshop.qa.profiles import Mode
from edgeshop.qa.watch import Request

pytestmark = pytest.mark.integration


class Shop(BaseHTTPRequestHandler):
    """Remembers what it was asked and answers with it."""

    protocol_version = "HTTP/1.1"
    orders: list[bytes] = []

    def do_GET(self) -> None:
        self._answer(self.path.encode() * (20_000 if self.path == "/big" else 1))

    def do_POST(self) -> None:
        self.orders.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(b"taken")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Resets are what these tests make."""


@pytest.fixture
def shop() -> Iterator[int]:
    Shop.orders = []
    with Server((HOST, 0), Shop) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def board() -> Iterator[LinkBoard]:
    with LinkBoard(seed=3) as board:
        yield board


@pytest.fixture
def link(board: LinkBoard, shop: int) -> Link:
    return board.add("browser-kiosk", upstream=shop)


@pytest.fixture
def client(link: Link) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(HOST, link.port, timeout=3)
    yield connection
    connection.close()


def get(client: HTTPConnection, path: str = "/a") -> tuple[int, bytes]:
    client.request("GET", path)
    answer = client.getresponse()
    return answer.status, answer.read()


def get_once(port: int, path: str = "/a") -> tuple[int, bytes]:
    with contextlib.closing(HTTPConnection(HOST, port, timeout=3)) as client:
        return get(client, path)


def test_up_passes_requests_and_counts_both_directions(link, client):
    assert get(client, "/big") == (200, b"/big" * 20_000)

    assert link.traffic.up_bytes > len("GET /big HTTP/1.1")
    assert 80_000 < link.traffic.down_bytes < 80_500


def test_down_resets_a_live_connection_and_refuses_a_new_one(link, client):
    get(client)

    link.down()

    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        get(client)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, link.port), timeout=2)


def test_up_after_down_serves_on_the_same_port(link, client):
    link.down()
    port = link.port

    link.up()

    assert (get(client), link.port) == ((200, b"/a"), port)


def test_a_dead_server_behind_the_link_resets_the_client(board):
    unused = socket.socket()
    unused.bind((HOST, 0))
    link = board.add("kiosk-cloud", upstream=unused.getsockname()[1])

    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        get_once(link.port)
    unused.close()


def test_slow_4g_takes_its_round_trips_and_its_rate(link, client):
    link.set("slow4g")

    started = time.monotonic()
    answer = get(client, "/big")
    took_s = time.monotonic() - started

    assert answer == (200, b"/big" * 20_000)
    assert took_s > 2 * 0.065 + 80_000 * 8 / 12e6  # handshake, request and answer, transmission


def test_half_open_accepts_and_never_answers(link, client):
    link.set(Mode.HALF_OPEN)
    client.timeout = 0.3

    with pytest.raises(TimeoutError):
        get(client)

    assert Shop.orders == []


def test_half_open_mutes_a_live_connection_until_the_link_is_up(link, client):
    get(client)
    client.sock.settimeout(0.3)

    link.set(Mode.HALF_OPEN)

    with pytest.raises(TimeoutError):
        get(client)
    link.up()
    client.close()
    assert get(client) == (200, b"/a")


def test_captive_portal_redirects_pages_and_answers_the_rest_with_its_login(link, client):
    link.set(Mode.CAPTIVE)

    client.request("GET", "/api/health")
    redirect = client.getresponse()
    client.close()
    client.request("POST", "/api/orders", body=b"order")
    login = client.getresponse()

    assert (redirect.status, redirect.headers["Location"]) == (302, "/hotspot/login")
    assert (login.status, login.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"free Wi-Fi" in login.read()
    assert Shop.orders == []


def test_5xx_answers_itself(link, client):
    link.set(Mode.ERRORS)

    status, _ = get(client)

    assert (status, Shop.orders) == (503, [])


def test_lose_answers_lets_the_server_commit_and_tells_the_client_nothing(link, client):
    get(client)
    link.lose_answers(1, path="/api/orders")

    client.request("POST", "/api/orders", body=b"one candle")
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        client.getresponse()

    assert (Shop.orders, link.answers_lost) == ([b"one candle"], 1)


def test_lose_answers_is_over_after_its_count(link, client):
    link.lose_answers(2, path="/api/orders")

    outcomes = []
    for _ in range(3):
        try:
            client.request("POST", "/api/orders", body=b"x")
            outcomes.append(client.getresponse().read())
        except ConnectionError:
            client.close()
            outcomes.append(b"lost")

    assert outcomes == [b"lost", b"lost", b"taken"]
    assert (len(Shop.orders), link.answers_lost) == (3, 2)


def test_answers_lost_counts_from_the_latest_arming(link, client):
    link.lose_answers(1)
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        get(client)

    link.lose_answers(1)

    assert link.answers_lost == 0


def test_lose_answers_leaves_other_paths_alone(link, client):
    link.lose_answers(1, path="/api/orders")

    assert get(client, "/api/health") == (200, b"/api/health")
    assert link.answers_lost == 0


def test_raw_bytes_pass_both_ways_as_a_websocket_needs(board):
    with socket.create_server((HOST, 0)) as server:
        link = board.add("raw", upstream=server.getsockname()[1])
        with socket.create_connection((HOST, link.port), timeout=2) as client:
            inner, _ = server.accept()
            with inner:
                client.sendall(b"\x81\x05hello")
                heard = inner.recv(16)
                inner.sendall(b"\x81\x03bye")
                assert (heard, client.recv(16)) == (b"\x81\x05hello", b"\x81\x03bye")


def test_half_close_still_lets_the_answer_through(board):
    with socket.create_server((HOST, 0)) as server:
        link = board.add("raw", upstream=server.getsockname()[1])
        with socket.create_connection((HOST, link.port), timeout=2) as client:
            inner, _ = server.accept()
            client.sendall(b"question")
            client.shutdown(socket.SHUT_WR)
            with inner:
                assert (inner.recv(16), inner.recv(16)) == (b"question", b"")
                inner.sendall(b"answer")
            assert client.recv(16) == b"answer"


def test_an_eavesdropping_link_hears_what_it_refuses(board, shop):
    heard: list[tuple[Request, bool]] = []
    link = board.add("browser-kiosk", upstream=shop, eavesdrop=True)
    link.on_request(lambda request, passed: heard.append((request, passed)))
    link.down()

    with pytest.raises(ConnectionError):
        get_once(link.port, "/api/health?unsent=2")

    assert heard == [(Request("GET", "/api/health?unsent=2"), False)]


def test_heal_sets_every_link_up_and_disarms(board, shop):
    first, second = board.add("one", upstream=shop), board.add("two", upstream=shop)
    first.down()
    second.lose_answers(5)

    board.heal()

    assert [first.mode, second.mode] == [Mode.UP, Mode.UP]
    assert get_once(second.port) == (200, b"/a")
