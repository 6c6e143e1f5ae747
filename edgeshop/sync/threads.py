"""Contacts in few threads that stay: as many at a time as the database has room for, and the others wait in line.

By itself Django under ASGI gives each request a thread of its own, and with it a new connection to the database. A
fleet that comes back at once would open more of them than PostgreSQL allows, and be answered with errors.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.conf import settings

from edgeshop.sync.services.wire import PATH

Event = Mapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
# Of one web process: two or three keep a core busy while others wait for the database, which takes 100 connections.
THREADS = 8


class ContactThreads:
    """Stands before Django. Whoever sends slowly waits outside: a thread is for a message that is there as a whole."""

    def __init__(self, app: App, *, threads: int = THREADS) -> None:
        self._app = app
        self._free: asyncio.LifoQueue[Executor] = asyncio.LifoQueue()  # the last one used has its connection still open
        for _ in range(threads):
            self._free.put_nowait(ThreadPoolExecutor(max_workers=1, thread_name_prefix="contact"))

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Hand a contact on when there is a thread for it, and everything else at once."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        again = await _heard(receive)
        thread = await self._free.get()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self._app(scope, again, send)
        finally:
            self._free.put_nowait(thread)


async def _heard(receive: Receive) -> Receive:
    """Wait for the whole message; what is too large goes on as it is, for Django to refuse."""
    said, size_bytes, has_more = [], 0, True
    while has_more and size_bytes <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        part = await receive()
        said.append(part)
        size_bytes += len(part.get("body", b""))
        has_more = part.get("more_body", False)

    async def again() -> Event:
        return said.pop(0) if said else await receive()

    return again
