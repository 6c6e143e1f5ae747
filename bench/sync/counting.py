"""A TCP proxy that counts what goes through, both ways, and can cut after so many bytes."""

import contextlib
import re
import socket
import threading
from dataclasses import dataclass

_LINE = re.compile(rb"(?:^|\r\n\r\n|(?<=\}))(?:GET|POST|HEAD) /[^ ]* HTTP/1\.1\r\n")
_BUFFER_BYTES = 65536


@dataclass(slots=True)
class Count:
    """Bytes of TCP payload. `requests` are request lines at the beginning of a segment."""

    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0

    @property
    def total(self) -> int:
        """Both ways together."""
        return self.up + self.down


class CountingProxy:
    """Listens on a free port of the loopback and forwards to `upstream`; a thread a direction and connection."""

    def __init__(self, upstream: int) -> None:
        self._upstream, self.count = upstream, Count()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._cut: dict[str, int | None] = {"up": None, "down": None}
        self._live: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def reset(self) -> Count:
        """Begin anew; answers what was counted."""
        before, self.count = self.count, Count()
        return before

    def cut(self, *, up: int | None = None, down: int | None = None) -> None:
        """Break all connections once so many bytes more have gone through in a direction."""
        self._cut = {"up": up, "down": down}

    def close(self) -> None:
        """Stop listening, break what is open."""
        self._listener.close()
        self._break()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._upstream))
                self.count.connections += 1
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._lock:
                    self._live += [near, far]
                for source, sink, way in ((near, far, "up"), (far, near, "down")):
                    threading.Thread(target=self._pump, args=(source, sink, way), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_BUFFER_BYTES):
                data = self._taken(data, way)
                sink.sendall(data)
                if self._cut[way] == 0:
                    self._cut[way] = None
                    self._break()
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _taken(self, data: bytes, way: str) -> bytes:
        left = self._cut[way]
        if left is not None:
            data = data[:left]
            self._cut[way] = left - len(data)
        setattr(self.count, way, getattr(self.count, way) + len(data))
        if way == "up":
            self.count.requests += len(_LINE.findall(data))
        return data

    def _break(self) -> None:
        with self._lock:
            live, self._live = self._live, []
        for one in live:
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                one.shutdown(socket.SHUT_RDWR)
            one.close()
