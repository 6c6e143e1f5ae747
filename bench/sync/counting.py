"""A TCP proxy that counts what goes through, both ways, and can cut after so many bytes or keep a message to itself."""

import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

_LINE = re.compile(rb"(?:^|\r\n\r\n|(?<=\}))(?:GET|POST|HEAD) /[^ ]* HTTP/1\.1\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_BUFFER_BYTES = 65536


@dataclass(slots=True)
class Count:
    """Bytes of TCP payload. `requests` are request lines at the beginning of a segment; `told` what they were for."""

    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Both ways together."""
        return self.up + self.down


@dataclass(slots=True)
class Cut:
    """Where the link breaks: in a direction, `up` or `down`, `left` bytes from now; None where one message of that
    direction has been sent whole and nothing of it has arrived. `held` is what came so far of that.
    """

    way: str
    left: int | None
    held: bytes = b""
    has_fired: bool = False

    def taken(self, data: bytes) -> bytes:
        """What of these bytes goes through. Effect: notes whether the link breaks after them."""
        if self.left is None:
            self.held += data
            self.has_fired = _is_whole(self.held)
            return b""
        data = data[: self.left]
        self.left -= len(data)
        self.has_fired = self.left == 0
        return data


def _is_whole(message: bytes) -> bool:
    """Whether that is a whole message of HTTP, its length said in its head."""
    head, end, body = message.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


class CountingProxy:
    """Listens on a free port of the loopback and forwards to `upstream`; a thread a direction and connection."""

    def __init__(self, upstream: int) -> None:
        self._upstream, self.count = upstream, Count()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._cut: Cut | None = None
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

    def cut(self, cut: Cut | None) -> None:
        """Break all connections there; None for a link that holds."""
        self._cut = cut

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
                cut = self._cut if self._cut is not None and self._cut.way == way else None
                data = self._counted(data if cut is None else cut.taken(data), way)
                sink.sendall(data)
                if cut is not None and cut.has_fired:
                    self._cut = None
                    self._break()
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _counted(self, data: bytes, way: str) -> bytes:
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
