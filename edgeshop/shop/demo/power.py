"""Who runs and who should: restarts what crashed, leaves alone what was unplugged on purpose."""

import threading
import time
from collections.abc import Callable

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.node import Node, Part

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 30.0
_STEADY_S = 60.0  # after this long without a crash, the next one is a first one again


class BackOff:
    """How long to wait before the next start of a part that keeps crashing."""

    def __init__(self) -> None:
        self._wait_s = _FIRST_WAIT_S
        self._start_at: float | None = None
        self._started_at = 0.0

    def may_start(self, now: float) -> bool:
        """Told that the part is down: whether it is time to start it. Doubles the wait each time."""
        if self._start_at is None:
            if now - self._started_at > _STEADY_S:
                self._wait_s = _FIRST_WAIT_S
            self._start_at = now + self._wait_s
        if now < self._start_at:
            return False
        self._start_at, self._started_at = None, now
        self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
        return True


class Power:
    """Keeps the parts of all nodes running, except those of nodes whose plug is pulled."""

    def __init__(self, nodes: list[Node], say: Callable[[str], None]) -> None:
        """Watch these nodes; crashes and restarts are said."""
        self._nodes, self._say = nodes, say
        self._off: set[str] = set()
        self._lock = threading.RLock()
        self._back_offs = {(node.name, part): BackOff() for node in nodes for part in Part}

    def is_off(self, node: Node) -> bool:
        """Whether somebody has pulled this node's plug."""
        return node.name in self._off

    def pull(self, node: Node) -> None:
        """Pull the plug: everything on the node dies at once, without a goodbye."""
        with self._lock:
            self._off.add(node.name)
            node.kill()
        self._say(f"Somebody pulled the plug of {node.name}")

    def plug_in(self, node: Node) -> None:
        """Give the node its power back and start it."""
        with self._lock:
            self._off.discard(node.name)
            node.start()
        self._say(f"{node.name} has power again and starts")

    def watch_once(self) -> None:
        """Start again what has crashed, each after its wait."""
        now = time.monotonic()
        with self._lock:
            for node in self._nodes:
                if not self.is_off(node):
                    self._revive(node, now)

    def _revive(self, node: Node, now: float) -> None:
        for part, runs in node.running().items():
            if not runs and self._back_offs[node.name, part].may_start(now):
                self._say(f"{node.name}.{part} ended by itself; starting it again")
                try:
                    node.start(part)
                except EdgeShopError as error:
                    self._say(error.message)
