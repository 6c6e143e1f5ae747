"""A large file that breaks off: after a cut link and a killed browser, only what had not arrived is fetched."""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edgeshop.qa.browser import Profile
from edgeshop.qa.links import Link
from edgeshop.qa.profiles import Pipe
from edgeshop.qa.profiles import Profile as Speed
from edgeshop.qa.stack import Kiosk
from edgeshop.qa.watch import Request
from tests.e2e.crash import kill_browser
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e

PATIENCE_S = 240  # a bound for a busy machine: pictures come first, and there are many
PART_BYTES = 64 * 1024  # what a browser that is killed may lose
SHARE = 0.7  # of the file that is here when the link breaks
SLOW = Speed(rtt_ms=0, jitter_ms=0, down_mbit_s=0.4, up_mbit_s=4, loss_pct=0, stall_ms=0)
_BROKE_OFF = "() => window.edgeshop?.stages().some(stage => stage.name === 'rest' && stage.state === 'failed')"
_ALL_HERE = "() => window.edgeshop?.stages().some(stage => stage.name === 'rest' && stage.state === 'done')"
_FORGET = """() => new Promise((done, failed) => {
  const opened = indexedDB.open('edgeshop');
  opened.onerror = failed;
  opened.onsuccess = () => {
    const tx = opened.result.transaction('partials', 'readwrite');
    tx.objectStore('partials').clear();
    tx.oncomplete = () => { opened.result.close(); done(); };
  };
})"""


@dataclass
class Watch:
    """Counts what a link brings from each request for one file on, and makes the first answer slow."""

    link: Link
    target: str
    asked_at: list[int] = field(default_factory=list)
    first: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """From now on, in the links' thread: a pipe that is set there holds for the very answer."""
        self.link.on_request(self._seen)

    def brought(self, request: int) -> int:
        """Bytes since the request with this number, of whatever else came meanwhile too."""
        return self.link.traffic.down_bytes - self.asked_at[request]

    def _seen(self, request: Request, _passes: bool) -> None:
        if request.target != self.target:
            return
        self.asked_at.append(self.link.traffic.down_bytes)
        if not self.first.is_set():
            rate = SLOW.down_mbit_s
            self.link.course.pipe_down = Pipe(SLOW, rate_mbit_s=rate, rng=random.Random(1))
            self.first.set()


def _largest(kiosk: Kiosk) -> tuple[str, int]:
    """The address and size of the larger of the files that come last."""
    stages = kiosk.get("/api/seeds", timeout_s=20)["stages"]
    items = next(stage["items"] for stage in stages if stage["name"] == "rest")
    item = max(items, key=lambda found: found["size_bytes"])
    return item["url"], item["size_bytes"]


def _cut_in_the_middle(watch: Watch, size: int) -> int:
    """Break the link when most of the file is here; answers what it had brought by then, and what broke off in it."""
    assert watch.first.wait(PATIENCE_S)
    while watch.brought(0) < SHARE * size:
        time.sleep(0.005)
    watch.link.down()
    return watch.brought(0)


@pytest.mark.parametrize("is_kept", [True, pytest.param(False, id="control")])
def test_a_file_goes_on_where_it_stopped_after_a_cut_and_a_killed_browser(
    browser: Profile, kiosk: Kiosk, links, tmp_path: Path, is_kept: bool
):
    url, size = _largest(kiosk)
    watch = Watch(links.front, url)
    watch.start()
    screen = Screen(browser.open())
    before = _cut_in_the_middle(watch, size)
    screen.page.wait_for_function(_BROKE_OFF, timeout=1000 * PATIENCE_S)
    kill_browser(tmp_path / "profile")

    screen = Screen(browser.restart())
    if not is_kept:
        screen.page.evaluate(_FORGET)
    links.front.up()
    screen.page.wait_for_function(_ALL_HERE, timeout=1000 * PATIENCE_S)
    total = before + watch.brought(1)

    assert len(watch.asked_at) == 2
    assert size > PART_BYTES
    assert (total <= size + PART_BYTES) is is_kept, (before, total, size)
