"""Links that fail on demand: a TCP proxy per link, all in one thread, set from any other thread.

with LinkBoard(seed=1) as board:
    link = board.add("browser-kiosk", upstream=8001)
    link.set(Mode.DOWN)          # live connections are reset, new ones are refused
    link.lose_answers(1, path="/api/orders")
"""

import asyncio
import random
import socket
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from edgeshop.qa.connection import Connection, Course, Seen
from edgeshop.qa.ports import HOST, Port
from edgeshop.qa.profiles import PASSING, PROFILES, Mode, Pipe

T = TypeVar("T")
_CONTROL_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that went through, both ways. `up` is from the client to the server."""

    up_bytes: int
    down_bytes: int


class Link:
    """One link. Every method may be called from any thread; a change holds when the call returns."""

    def __init__(self, *, name: str, port: Port, upstream: int, seed: int, run: "_Loop", eavesdrop: bool) -> None:
        self.name = name
        self.course = Course(upstream=upstream, eavesdrop=eavesdrop)
        self._port = port
        self._rng = random.Random(f"{seed}:{name}")  # noqa: S311 -- repeatable faults, no secret
        self._run = run
        self._server: asyncio.Server | None = None
        self._live: set[Connection] = set()

    @property
    def mode(self) -> Mode:
        """What the link does now."""
        return self.course.mode

    @property
    def port(self) -> int:
        """Where clients connect."""
        return self._port.number

    @property
    def url(self) -> str:
        """The other end as seen through this link."""
        return f"http://{HOST}:{self.port}"

    @property
    def traffic(self) -> Traffic:
        """What went through since the start."""
        return Traffic(self.course.up_bytes, self.course.down_bytes)

    @property
    def answers_lost(self) -> int:
        """How many answers the latest `lose_answers` has swallowed so far."""
        return self.course.lost

    def set(self, mode: Mode | str) -> None:
        """Change what the link does. Live connections survive only between up, slow4g and lossy."""
        self._run.call(self._set(Mode(mode)))

    def up(self) -> None:
        """Heal the link and forget armed faults."""
        self.course.to_lose = 0
        self.set(Mode.UP)

    def down(self) -> None:
        """Cut the link."""
        self.set(Mode.DOWN)

    def lose_answers(self, count: int = 1, *, path: str = "/") -> None:
        """Let the next `count` requests under `path` through, wait for the whole answer, then drop the connection.

        The server has committed and the client does not know: the fault that makes duplicates.
        """
        self.course.lose_path = path
        self.course.lost = 0
        self.course.to_lose = count

    def on_request(self, seen: Seen) -> None:
        """Be told, in the links' thread, of each request that a client sends and whether it gets through."""
        self.course.seen = seen

    async def open(self) -> None:
        """Start to listen; for the board."""
        await self._set(Mode.UP)

    async def close(self) -> None:
        """Drop everything and give the port back; for the board."""
        self._stop_listening()
        await self._abort_live()
        self._port.close()

    async def _set(self, mode: Mode) -> None:
        self.course.mode = mode
        self.course.pipe_up, self.course.pipe_down = self._pipes(mode)
        if mode is Mode.DOWN and not self.course.eavesdrop:
            self._stop_listening()
        elif self._server is None:
            self._server = await asyncio.start_server(self._connected, sock=self._port.listener())
        if mode not in PASSING and mode is not Mode.HALF_OPEN:
            await self._abort_live()
        elif mode in PASSING:
            await self._abort_live(only_mute=True)

    def _pipes(self, mode: Mode) -> tuple[Pipe | None, Pipe | None]:
        profile = PROFILES.get(mode)
        if profile is None:
            return None, None
        rates = profile.up_mbit_s, profile.down_mbit_s
        up, down = (Pipe(profile, rate_mbit_s=rate, rng=self._rng) for rate in rates)
        return up, down

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _abort_live(self, *, only_mute: bool = False) -> None:
        doomed = [c for c in self._live if c.is_mute or not only_mute]
        for connection in doomed:
            connection.abort()
        tasks = [c.task for c in doomed if c.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=2)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(self.course, reader, writer, self._rng)
        connection.task = asyncio.current_task()
        self._live.add(connection)
        try:
            await connection.run()
        finally:
            self._live.discard(connection)


class _Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_CONTROL_TIMEOUT_S)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CONTROL_TIMEOUT_S)
        self._loop.close()


class LinkBoard:
    """All links of one stack, by name."""

    def __init__(self, *, seed: int = 1) -> None:
        self._seed = seed
        self._loop = _Loop()
        self._links: dict[str, Link] = {}

    def add(self, name: str, *, upstream: int, port: int = 0, eavesdrop: bool = False) -> Link:
        """Open a link to the local port `upstream`. Raises: PortTaken.

        `eavesdrop` lets a link that is down hear each request before it resets the connection: for the demo's
        picture, which shows what waits on the far side. Nothing goes through either way.
        """
        held = Port(port)
        link = Link(name=name, port=held, upstream=upstream, seed=self._seed, run=self._loop, eavesdrop=eavesdrop)
        self._loop.call(link.open())
        self._links[name] = link
        return link

    def remove(self, *links: Link) -> None:
        """Close these links for good."""
        for link in links:
            self._loop.call(self._links.pop(link.name).close())

    def __getitem__(self, name: str) -> Link:
        return self._links[name]

    def __iter__(self) -> Iterator[Link]:
        return iter(self._links.values())

    def heal(self) -> None:
        """Set every link up and forget armed faults."""
        for link in self:
            link.up()

    def close(self) -> None:
        """Close every link and end the thread."""
        self.remove(*list(self))
        self._loop.close()

    def __enter__(self) -> "LinkBoard":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
