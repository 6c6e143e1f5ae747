"""Reads the HTTP that passes over a link without touching it, so that a fault can be timed to a request or its answer.

Bytes that are not HTTP, and a connection after its upgrade to a websocket, pass unread.
"""

from collections.abc import Callable
from dataclasses import dataclass

import httptools


@dataclass(frozen=True, slots=True)
class Request:
    """What a link can see of a request: its method and its target, as in `GET /api/health?unsent=0`."""

    method: str
    target: str


class RequestWatch:
    """Calls `on_request` when the last byte of a request has passed."""

    def __init__(self, on_request: Callable[[Request], None]) -> None:
        self._on_request = on_request
        self._url = b""
        self._parser = httptools.HttpRequestParser(self)
        self._blind = False

    def feed(self, data: bytes) -> None:
        """Look at the next bytes from the client."""
        self._blind = self._blind or not _read(self._parser, data)

    def on_message_begin(self) -> None:
        self._url = b""

    def on_url(self, part: bytes) -> None:
        self._url += part

    def on_message_complete(self) -> None:
        self._on_request(Request(self._parser.get_method().decode("ascii"), self._url.decode("ascii", "replace")))


class AnswerWatch:
    """Knows when one whole answer has passed."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.is_complete = False

    def feed(self, data: bytes) -> None:
        """Look at the next bytes from the server; bytes that are no answer count as a whole one."""
        if not _read(self._parser, data):
            self.is_complete = True

    def on_message_complete(self) -> None:
        self.is_complete = True


def _read(parser: "httptools.HttpRequestParser | httptools.HttpResponseParser", data: bytes) -> bool:
    try:
        parser.feed_data(data)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return False
    return True
