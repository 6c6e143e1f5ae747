"""The demo as a visitor runs it: a process of its own, its panel, its check, and nothing left behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.ports import HOST, Port

pytestmark = pytest.mark.integration
NAMES = ("shop", "panel", "cloud", "kiosk", "link")


class Demo:
    """A running demo, what it has said so far, and its addresses."""

    def __init__(self, state: Path, *arguments: str) -> None:
        ports = {name: Port() for name in NAMES}
        self.url = {name: f"http://{HOST}:{port.number}" for name, port in ports.items()}
        for port in ports.values():
            port.close()
        chosen = [f"--port-{name}={port.number}" for name, port in ports.items()]
        self.log = state.parent / f"{time.monotonic_ns()}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "edgeshop.shop.demo", "--state", str(state), *chosen, *arguments],
                cwd=REPOSITORY,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str, timeout_s: float = 120) -> None:
        give_up_at = time.monotonic() + timeout_s
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < give_up_at, self.said
            time.sleep(0.1)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        os.kill(self.process.pid, how)
        return self.process.wait(30)

    def post(self, path: str, body: object, **headers: str) -> requests.Response:
        return requests.post(self.url["panel"] + path, json=body, headers=headers, timeout=10)

    def state(self) -> dict[str, dict[str, object]]:
        return requests.get(self.url["panel"] + "/state", timeout=10).json()


def processes_of(state: Path, node: str = "") -> dict[int, list[str]]:
    """Living processes of the nodes below this folder, or of one: process id and command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"EDGESHOP_STATE={state}/{node}".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().decode().split("\0")
    return found


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "state"


@pytest.fixture(scope="module")
def checked(state: Path) -> Demo:
    """A demo that has tried itself, and is over."""
    checked = Demo(state, "--check")
    try:
        checked.process.wait(180)
    finally:
        if checked.process.poll() is None:
            checked.end(signal.SIGTERM)
    return checked


@pytest.fixture(scope="module")
def demo(state: Path, checked: Demo) -> Iterator[Demo]:
    """The next demo on the same state; Ctrl-C ends all of it."""
    assert processes_of(state) == {}, checked.said
    demo = Demo(state)
    try:
        demo.wait_for("EdgeShop is open.")
        yield demo
    finally:
        status = demo.process.poll() or demo.end()
    assert (status, processes_of(state)) == (0, {})


@pytest.fixture
def start() -> Iterator[Callable[..., Demo]]:
    """Starts demos of this test alone, and ends what is left of them."""
    started: list[Demo] = []

    def start_one(state: Path, *arguments: str) -> Demo:
        started.append(Demo(state, *arguments))
        return started[-1]

    yield start_one
    for demo in started:
        if demo.process.poll() is None:
            demo.end(signal.SIGTERM)


def test_the_panel_shows_a_shop_in_order(demo):
    page = requests.get(demo.url["panel"], timeout=10)
    parts = re.findall(r'(?:href|src)="(/[\w.-]+)"', page.text)

    answers = {part: requests.get(demo.url["panel"] + part, timeout=10).status_code for part in parts}

    assert set(answers) >= {"/panel.css", "/panel.js", "/tokens.css"}
    assert {part: status for part, status in answers.items() if status != 200} in ({}, {"/inter.woff2": 404})
    assert demo.state()["links"] == {"front": "up", "back": "up"}
    assert demo.state()["kiosk"]["power"] == "on"


def test_a_link_can_be_cut_and_healed(demo):
    health = demo.url["shop"] + "/api/health?screen=a&unsent=2"

    down = demo.post("/links/front", {"mode": "down"}).json()
    with pytest.raises(requests.ConnectionError):
        requests.get(health, timeout=5)
    overheard = demo.state()["browser"]["unsent"]
    demo.post("/links/front", {"mode": "up"})

    assert (down["links"]["front"], overheard) == ("down", 2)
    assert requests.get(health.replace("=2", "=0"), timeout=5).status_code == 200
    assert demo.state()["browser"]["unsent"] == 0


def test_the_plug_can_be_pulled_and_put_back(demo):
    off = demo.post("/power", {"on": False}).json()
    with pytest.raises(requests.ConnectionError):
        requests.get(demo.url["kiosk"] + "/api/health", timeout=5)
    demo.post("/power", {"on": True})

    assert off["kiosk"]["power"] == "off"
    until(lambda: demo.state()["kiosk"]["power"] == "on")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/power", {"on": False}, {"Origin": "https://elsewhere.example"}, 403),
        ("/power", {"on": False}, {"Content-Type": "text/plain"}, 403),
        ("/power", {"on": False}, {"Host": "elsewhere.example"}, 403),
        ("/power", {"on": "no"}, {}, 400),
        ("/links/front", {"mode": "captive"}, {}, 400),
        ("/links/side", {"mode": "up"}, {}, 400),
        ("/elsewhere", {}, {}, 400),
    ],
)
def test_the_panel_does_only_what_its_own_page_asks(demo, path, body, headers, status):
    answer = demo.post(path, body, **headers)

    assert answer.status_code == status
    assert (demo.state()["links"]["front"], demo.state()["kiosk"]["power"]) == ("up", "on")


def test_what_crashes_is_started_again(demo, state):
    worker = worker_of(state)

    os.kill(worker, signal.SIGKILL)

    demo.wait_for("kiosk-1.worker ended by itself; starting it again", timeout_s=20)
    until(lambda: worker_of(state) not in {None, worker})


def test_a_second_demo_on_the_same_state_is_refused(demo, state, start):
    second = start(state)

    assert second.process.wait(30) == 2
    assert "A demo already runs on" in second.said


def test_a_taken_port_is_a_clear_message(start, tmp_path):
    with socket.create_server((HOST, 0)) as server:
        number = server.getsockname()[1]
        refused = start(tmp_path / "state", f"--port-cloud={number}")
        status = refused.process.wait(30)

    assert status == 2
    assert f"Port {number} (the cloud) is taken. Choose another: --port-cloud" in refused.said


def test_sigterm_while_it_is_being_set_up_leaves_no_process(start, tmp_path):
    young = start(tmp_path / "state")
    young.wait_for("Seeding the shop")

    status = young.end(signal.SIGTERM)

    assert status == 128 + signal.SIGTERM
    assert processes_of(tmp_path / "state") == {}


def test_the_check_sells_once_and_leaves_nothing_running(checked):
    assert checked.process.returncode == 0, checked.said
    assert "is in the cloud's ledger" in checked.said
    assert checked.said.endswith("Stopped; no process is left.\n")


def test_the_next_start_goes_on_from_there(demo):
    assert demo.state()["cloud"]["settled"] == 1
    assert "Seeding the shop" not in demo.said


def worker_of(state: Path) -> int | None:
    """The kiosk's worker: a process id."""
    return next((pid for pid, line in processes_of(state, "kiosk-1").items() if "worker" in line), None)


def until(holds, timeout_s: float = 40) -> None:
    give_up_at = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
