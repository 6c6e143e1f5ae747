"""Bytes that HTTP connections really send and receive, counted where they enter and leave the socket.

    with counted() as moved:
        session.get(...)
    moved.up_bytes, moved.down_bytes

Counted are request lines, headers and bodies in both directions, of answers that were thrown away too. Not counted is
what lies below HTTP: TCP/IP headers, and on https the records and handshakes of TLS.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_RATED_BYTES_MIN = 16 * 1024  # a shorter answer says how long the way is, not how wide


@dataclass(slots=True)
class Moved:
    """What went through. `waits_s`: from the last byte sent to the first one back; `rates_bit_s`: of long answers."""

    up_bytes: int = 0
    down_bytes: int = 0
    waits_s: list[float] = field(default_factory=list)
    rates_bit_s: list[float] = field(default_factory=list)


_now: ContextVar[Moved | None] = ContextVar("moved", default=None)


@contextmanager
def counted() -> Iterator[Moved]:
    """Count what the connections of this thread or task move inside; an outer count gets it too, at the end."""
    moved, outer = Moved(), _now.get()
    token = _now.set(moved)
    try:
        yield moved
    finally:
        _now.reset(token)
        if outer is not None:
            outer.up_bytes += moved.up_bytes
            outer.down_bytes += moved.down_bytes
            outer.waits_s += moved.waits_s
            outer.rates_bit_s += moved.rates_bit_s


class CountingAdapter(HTTPAdapter):
    """For `requests.Session.mount`: connections that count."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As ever, with our kind of connection in the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}


class _Socket:
    """A connected socket that counts; whatever else is asked of it the real one does."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self._sent_s = time.monotonic()
        self._first_s: float | None = None
        self._streak_bytes = 0
        self._rated_in: Moved | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def sendall(self, data: Any) -> None:
        """Send, and count it whether or not it arrives: who sells bytes does too."""
        moved = _now.get()
        if moved is not None:
            moved.up_bytes += memoryview(data).nbytes
        self._real.sendall(data)
        self._sent_s, self._first_s, self._rated_in = time.monotonic(), None, None

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """What http.client reads an answer from."""
        return io.BufferedReader(_Reader(self, self._real.makefile("rb", buffering=0)))

    def got(self, count: int) -> None:
        """Note bytes that have come."""
        now_s, moved = time.monotonic(), _now.get()
        if moved is not None:
            moved.down_bytes += count
        if self._first_s is None:
            self._first_s, self._streak_bytes = now_s, 0
            if moved is not None:
                moved.waits_s.append(now_s - self._sent_s)
        else:
            self._streak_bytes += count
            if moved is not None and self._streak_bytes >= _RATED_BYTES_MIN:
                self._rate(moved, now_s - self._first_s)

    def _rate(self, moved: Moved, took_s: float) -> None:
        """How fast this answer is, from its first read to the latest: one rate for each, better with every read."""
        if self._rated_in is moved:
            moved.rates_bit_s.pop()
        moved.rates_bit_s.append(8 * self._streak_bytes / max(took_s, 1e-6))
        self._rated_in = moved


class _Reader(io.RawIOBase):
    def __init__(self, meter: _Socket, raw: io.RawIOBase) -> None:
        self._meter, self._raw = meter, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count: int | None = self._raw.readinto(buffer)
        if count:
            self._meter.got(count)
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _Socket(self.sock)


class _SafeConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _Socket(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection
