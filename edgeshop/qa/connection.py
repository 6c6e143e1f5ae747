"""One connection over a link: two pumps between client and server, and the faults that befall them."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from edgeshop.qa.captive import bad_gateway, login_page
from edgeshop.qa.ports import HOST
from edgeshop.qa.profiles import PASSING, Mode, Pipe
from edgeshop.qa.watch import AnswerWatch, Request, RequestWatch

Seen = Callable[[Request, bool], None]
_CHUNK_BYTES = 16384
_QUEUE_CHUNKS = 64  # 1 MB in flight per direction: more than any profile's bandwidth-delay product
_OWN_ANSWERS = {Mode.CAPTIVE: login_page, Mode.ERRORS: bad_gateway}
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # linger for 0 s: the peer sees a reset, not a polite end
_Queue = asyncio.Queue[tuple[float, bytes] | None]


@dataclass
class Course:
    """What all connections of one link share: its mode, its pipes, its counters and the fault that is armed."""

    upstream: int
    eavesdrop: bool
    mode: Mode = Mode.UP
    pipe_up: Pipe | None = None
    pipe_down: Pipe | None = None
    up_bytes: int = 0
    down_bytes: int = 0
    lose_path: str = "/"
    to_lose: int = 0
    lost: int = 0
    seen: Seen | None = None

    def note(self, request: Request) -> bool:
        """Pass the request on to whoever watches. The answer says whether its answer is to be lost."""
        if self.seen is not None:
            self.seen(request, self.mode in PASSING)
        if self.to_lose < 1 or not request.target.startswith(self.lose_path):
            return False
        self.to_lose -= 1
        return True


class Connection:
    """A client's connection to a link, with its other half to the server once there is one."""

    def __init__(
        self, course: Course, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rng: random.Random
    ) -> None:
        self.task: asyncio.Task[None] | None = None
        self.is_mute = False
        self._course = course
        self._reader = reader
        self._writer = writer
        self._server_writer: asyncio.StreamWriter | None = None
        self._rng = rng
        self._watch = RequestWatch(self._requested)
        self._losing: AnswerWatch | None = None

    def abort(self) -> None:
        """Reset both halves at once."""
        for writer in filter(None, (self._writer, self._server_writer)):
            sock: socket.socket | None = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                if sock is not None:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()

    async def run(self) -> None:
        """Serve the connection to its end, whatever that is; both halves are closed then."""
        try:
            await self._serve()
        finally:
            for writer in filter(None, (self._writer, self._server_writer)):
                writer.close()

    async def _serve(self) -> None:
        with contextlib.suppress(OSError):
            if self._course.mode in _OWN_ANSWERS:
                await self._answer_ourselves()
            elif self._course.mode is Mode.HALF_OPEN:
                await self._swallow()
            elif self._course.mode is Mode.DOWN:
                await self._overhear()
            else:
                await self._pass()

    async def _answer_ourselves(self) -> None:
        asked: list[Request] = []
        watch = RequestWatch(asked.append)
        while not asked:
            data = await self._reader.read(_CHUNK_BYTES)
            if not data:
                return self.abort()
            watch.feed(data)
        self._course.note(asked[0])
        own = _OWN_ANSWERS.get(self._course.mode)
        if own is None:  # the link has changed while this client made up its mind
            return self.abort()
        self._writer.write(own(asked[0]))
        await self._writer.drain()
        return None

    async def _swallow(self) -> None:
        self.is_mute = True
        while await self._reader.read(_CHUNK_BYTES):
            pass
        self.abort()

    async def _overhear(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                self._watch.feed(await self._reader.read(_CHUNK_BYTES))
        self.abort()

    async def _pass(self) -> None:
        if (pipe := self._course.pipe_up) is not None:
            await asyncio.sleep(2 * pipe.one_way_s())  # the handshake takes its round trip too
        try:
            reader, self._server_writer = await asyncio.open_connection(HOST, self._course.upstream)
        except OSError:
            return self.abort()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(self._reader, self._server_writer, up=True))
                group.create_task(self._pump(reader, self._writer, up=False))
        except* OSError:
            self.abort()
        return None

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        queue: _Queue = asyncio.Queue(_QUEUE_CHUNKS)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._deliver(queue, writer, up=up))
            while data := await reader.read(_CHUNK_BYTES):
                if self._passes(data, up=up):
                    await queue.put((self._arrival(data, up=up), data))
            await queue.put(None)

    async def _deliver(self, queue: _Queue, writer: asyncio.StreamWriter, *, up: bool) -> None:
        while (item := await queue.get()) is not None:
            arrives_at, data = item
            await asyncio.sleep(max(0.0, arrives_at - asyncio.get_running_loop().time()))
            self._count(len(data), up=up)
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    def _passes(self, data: bytes, *, up: bool) -> bool:
        if self._course.mode is Mode.HALF_OPEN or self.is_mute:
            self.is_mute = True
            return False
        if up:
            self._watch.feed(data)
        elif self._losing is not None:
            self._lose(data)
            return False
        return True

    def _requested(self, request: Request) -> None:
        if self._course.note(request):
            self._losing = AnswerWatch()

    def _lose(self, data: bytes) -> None:
        if self._losing is None or self._losing.is_complete:
            return
        self._losing.feed(data)
        if self._losing.is_complete:
            self._course.lost += 1
            self.abort()

    def _arrival(self, data: bytes, *, up: bool) -> float:
        now = asyncio.get_running_loop().time()
        pipe = self._course.pipe_up if up else self._course.pipe_down
        if pipe is None:
            return now
        if pipe.breaks(len(data)):
            self.abort()
        return pipe.arrival(len(data), now)

    def _count(self, size_bytes: int, *, up: bool) -> None:
        if up:
            self._course.up_bytes += size_bytes
        else:
            self._course.down_bytes += size_bytes
