"""What the panel shows: where orders wait and which of them just moved, from what the tiers say of themselves."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from edgeshop.qa.stack import Stack
from edgeshop.qa.watch import Request
from edgeshop.shop.demo.power import Power

_SCREEN_LASTS_S = 30.0  # six heartbeats: a screen that has nothing to hand over and stays silent is gone


@dataclass
class Screens:
    """What browsers hold, overheard on their link: heartbeats carry it even when they do not arrive."""

    handed_over: int = 0
    _said: dict[str, tuple[int, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, request: Request, passed: bool) -> None:
        """Take note of one request on the browser's link."""
        target = urlsplit(request.target)
        with self._lock:
            if target.path == "/api/health":
                self._note(parse_qs(target.query))
            elif passed and (request.method, target.path) == ("POST", "/api/orders"):
                self.handed_over += 1
                self._hand_over_one()

    def _note(self, said: dict[str, list[str]]) -> None:
        screen, unsent = said.get("screen", [""])[0], said.get("unsent", [""])[0]
        if screen and unsent.isdecimal():
            self._said[screen[:40]] = (int(unsent[:6]), time.monotonic())

    def _hand_over_one(self) -> None:
        """Which screen it came from shows at its next heartbeat; until then the fullest one is the best guess."""
        fullest = max(self._said, key=lambda screen: self._said[screen][0], default=None)
        if fullest is not None:
            unsent, heard_at = self._said[fullest]
            self._said[fullest] = (max(0, unsent - 1), heard_at)

    def counts(self) -> tuple[int, int]:
        """Screens that are open, and the orders that all screens ever heard of still hold."""
        now = time.monotonic()
        with self._lock:
            self._said = {k: v for k, v in self._said.items() if v[0] or now - v[1] < _SCREEN_LASTS_S}
            open_now = sum(now - heard_at < _SCREEN_LASTS_S for _, heard_at in self._said.values())
            return open_now, sum(unsent for unsent, _ in self._said.values())


class Picture:
    """The state of the first kiosk's way from browser to ledger. A tier that is silent keeps its last known figures."""

    def __init__(self, stack: Stack, power: Power) -> None:
        """Start to listen on the browser's link."""
        self._stack, self._power = stack, power
        self._kiosk = stack.kiosks[0]
        self._screens = Screens()
        self._health: dict[str, Any] = {}
        self._status: dict[str, Any] = {}
        self._answers = {"kiosk": False, "cloud": False}
        self._kiosk.front.on_request(self._screens.hear)

    def look(self) -> None:
        """Ask the kiosk and the cloud how they are, without a link in between."""
        health = None if self._power.is_off(self._kiosk) else self._kiosk.health()
        status = self._stack.cloud.health()
        self._health, self._status = health or self._health, status or self._status
        self._answers = {"kiosk": health is not None, "cloud": status is not None}

    def state(self) -> dict[str, Any]:
        """Everything the page draws."""
        open_screens, unsent = self._screens.counts()
        orders = self._status.get("orders", {})
        return {
            "links": {"front": self._kiosk.front.mode, "back": self._kiosk.back.mode},
            "browser": {"screens": open_screens, "unsent": unsent, "handed_over": self._screens.handed_over},
            "kiosk": {"power": self._kiosk_power(), **self._health.get("unsent", {})},
            "cloud": {"is_up": self._answers["cloud"], **orders},
            "urls": {"shop": self._kiosk.front.url, "admin": f"{self._stack.cloud.url}/admin/"},
        }

    def _kiosk_power(self) -> str:
        if self._power.is_off(self._kiosk):
            return "off"
        return "on" if self._answers["kiosk"] else "starting"
