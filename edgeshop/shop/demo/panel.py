"""The panel's little web server: one page, its state, and three things to do. It runs beside the tiers, not in them."""

import json
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from edgeshop.qa.links import Link
from edgeshop.qa.node import REPOSITORY
from edgeshop.qa.ports import HOST
from edgeshop.qa.profiles import Mode
from edgeshop.qa.stack import Stack
from edgeshop.shop.demo.picture import Picture
from edgeshop.shop.demo.power import Power

_FILES = {
    "/": (REPOSITORY / "templates/qa/panel.html", "text/html; charset=utf-8"),
    "/panel.css": (REPOSITORY / "static/qa/panel.css", "text/css; charset=utf-8"),
    "/tokens.css": (REPOSITORY / "frontend/src/styles/tokens.css", "text/css; charset=utf-8"),
    "/panel.js": (REPOSITORY / "static/qa/panel.js", "text/javascript; charset=utf-8"),
    "/wires.js": (REPOSITORY / "static/qa/wires.js", "text/javascript; charset=utf-8"),
    "/stacks.js": (REPOSITORY / "static/qa/stacks.js", "text/javascript; charset=utf-8"),
    "/words.js": (REPOSITORY / "static/qa/words.js", "text/javascript; charset=utf-8"),
}
_FONTS = (REPOSITORY / "static/dist/assets", REPOSITORY / "frontend/node_modules/@fontsource-variable/inter/files")
_CHOICES = (Mode.UP, Mode.SLOW_4G, Mode.LOSSY, Mode.DOWN)
_LOOK_EVERY_S, _LOOK_UNWATCHED_S, _WATCHED_FOR_S = 0.6, 5.0, 5.0
_BODY_MAX = 1000


class Panel:
    """Serves the panel on its own port while the `with` block lasts."""

    def __init__(self, stack: Stack, power: Power, *, port: int = 0) -> None:
        """Bind the port; nothing is served yet. Raises: OSError when it is taken."""
        self.picture = Picture(stack, power)
        self._stack, self._power = stack, power
        self._asked_at = time.monotonic()
        self._over = threading.Event()
        self._server = _Server((HOST, port), _Handler)
        self._server.panel = self
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.1,), name="panel", daemon=True),
            threading.Thread(target=self._keep_looking, name="picture", daemon=True),
        ]

    @property
    def url(self) -> str:
        """Where the panel is."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def state(self) -> dict[str, Any]:
        """What the page draws; asking for it makes the picture livelier for a while."""
        self._asked_at = time.monotonic()
        return self.picture.state()

    def set_link(self, name: str, mode: str) -> bool:
        """Switch the link `front` or `back`; False for a link or mode that the panel does not offer."""
        kiosk = self._stack.kiosks[0]
        links: dict[str, Link] = {"front": kiosk.front, "back": kiosk.back}
        if name not in links or mode not in _CHOICES:
            return False
        links[name].set(mode)
        return True

    def set_power(self, *, on: bool) -> None:
        """Pull the kiosk's plug or put it back in."""
        kiosk = self._stack.kiosks[0]
        if on:
            self._power.plug_in(kiosk)
        else:
            self._power.pull(kiosk)
        self.picture.look()

    def __enter__(self) -> "Panel":
        self.picture.look()  # whoever comes first sees figures, not gaps
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(5)

    def _keep_looking(self) -> None:
        pause_s = 0.0
        while not self._over.wait(pause_s):
            self.picture.look()
            watched = time.monotonic() - self._asked_at < _WATCHED_FOR_S
            pause_s = _LOOK_EVERY_S if watched else _LOOK_UNWATCHED_S


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    panel: Panel


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """The page, its parts, its state."""
        path = urlsplit(self.path).path
        if path == "/state":
            return self._json(self.server.panel.state())
        if path == "/inter.woff2":
            return self._file(_font(), "font/woff2")
        return self._file(*_FILES.get(path, (None, "")))

    def do_POST(self) -> None:
        """`/links/NAME {"mode"}`, `/power {"on"}`; only from the panel's own page."""
        if not self._is_from_our_page():
            return self._empty(HTTPStatus.FORBIDDEN)
        done = self._act(urlsplit(self.path).path, self._body())
        return self._json(self.server.panel.state()) if done else self._empty(HTTPStatus.BAD_REQUEST)

    def _act(self, path: str, body: dict[str, Any]) -> bool:
        if path.startswith("/links/"):
            return self.server.panel.set_link(path.removeprefix("/links/"), str(body.get("mode")))
        if path == "/power" and isinstance(body.get("on"), bool):
            self.server.panel.set_power(on=body["on"])
            return True
        return False

    def _is_from_our_page(self) -> bool:
        """Another site's page can make a browser post here, but not as JSON and not with this origin."""
        port = self.server.server_address[1]
        ours = {f"{name}:{port}" for name in (HOST, "localhost")}
        origin = urlsplit(self.headers.get("Origin", "")).netloc
        is_json = self.headers.get("Content-Type", "").partition(";")[0] == "application/json"
        return is_json and self.headers.get("Host") in ours and origin in {"", *ours}

    def _body(self) -> dict[str, Any]:
        try:
            size = min(int(self.headers.get("Content-Length", "0")), _BODY_MAX)
            body = json.loads(self.rfile.read(size))
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def _json(self, body: dict[str, Any]) -> None:
        self._send(HTTPStatus.OK, "application/json", json.dumps(body).encode())

    def _file(self, path: Path | None, content_type: str) -> None:
        if path is None or not path.is_file():
            return self._empty(HTTPStatus.NOT_FOUND)
        return self._send(HTTPStatus.OK, content_type, path.read_bytes())

    def _empty(self, status: HTTPStatus) -> None:
        self._send(status, "text/plain", b"")

    def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The panel's requests are of no interest."""


def _font() -> Path | None:
    found = (path for folder in _FONTS for path in sorted(folder.glob("inter-latin-*-normal*.woff2")))
    return next(found, None)
