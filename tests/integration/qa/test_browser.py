"""A browser profile that is closed, opened again and wiped, and the evidence it leaves."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from edgeshop.qa.browser import ChromiumMissing, Profile, find_chromium
from edgeshop.qa.ports import HOST

pytestmark = pytest.mark.integration


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>Shop</title><script>console.log('open')</script>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with ThreadingHTTPServer((HOST, 0), Page) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://{HOST}:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def profile(url: str, tmp_path: Path) -> Iterator[Profile]:
    with sync_playwright() as playwright:
        profile = Profile(playwright, url=url, folder=tmp_path / "profile", is_traced=True)
        yield profile
        profile.close()


def test_a_restarted_browser_remembers_and_a_wiped_one_does_not(profile):
    profile.open().evaluate("localStorage.setItem('order', '1-1-1-1')")

    kept = profile.restart().evaluate("localStorage.getItem('order')")
    profile.wipe()
    profile.page.reload()

    assert (kept, profile.page.evaluate("localStorage.getItem('order')")) == ("1-1-1-1", None)


def test_evidence_is_a_picture_a_trace_and_the_console(profile, tmp_path):
    profile.open()

    profile.keep_evidence(tmp_path)

    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "trace.zip").read_bytes().startswith(b"PK")
    assert (tmp_path / "console.log").read_text() == "log: open"


def test_a_closed_browser_leaves_no_evidence_and_says_so_when_used(profile, tmp_path):
    profile.keep_evidence(tmp_path)

    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RuntimeError, match="closed"):
        profile.wipe()


def test_without_a_browser_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("EDGESHOP_CHROMIUM", raising=False)

    with pytest.raises(ChromiumMissing, match="apt-get install chromium"):
        find_chromium()
