"""HTTP as a load generator needs it: one kept-alive connection for each kiosk, thousands of them in one thread.

Only what the cloud's web server sends to a contact is understood: a length, or no body at all.
"""

import asyncio
from dataclasses import dataclass, field

from edgeshop.qa.ports import HOST

_HEAD_BYTES_MAX = 64 * 2**10
_BODILESS = (204, 304)


class NotOurs(Exception):
    """An error page of the web server's own, whose end cannot be seen."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Line:
    """A connection to a port of this machine, opened when it is needed and again after it broke."""

    port: int
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, repr=False)

    async def ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """One exchange. Raises: OSError, EOFError for a connection that broke; NotOurs."""
        if self._open is None:
            self._open = await asyncio.open_connection(HOST, self.port, limit=_HEAD_BYTES_MAX)
        reader, writer = self._open
        length = {"Content-Length": str(len(body))} if body else {}
        lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in (headers | length).items()]
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
            return await _answer(reader)
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """End the connection at once, as a link that fails does."""
        if self._open is not None:
            self._open[1].transport.abort()
            self._open = None


async def _answer(reader: asyncio.StreamReader) -> Answer:
    first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.title(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    status = int(first.split(" ")[1])
    if status in _BODILESS:
        return Answer(status, headers, b"")
    if "Content-Length" not in headers:
        raise NotOurs(status)
    return Answer(status, headers, await reader.readexactly(int(headers["Content-Length"])))
