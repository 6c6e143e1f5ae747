"""Contacts wait for one of a few threads, and only when all of them is there."""

import asyncio
import threading
import time

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async

from edgeshop.sync.services.wire import PATH
from edgeshop.sync.threads import ContactThreads

pytestmark = pytest.mark.unit


class Crowd:
    """An app that notes in which threads it works, and how many at a time. It takes a context as Django does."""

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.bodies: list[bytes] = []
        self._now, self.most = 0, 0

    async def __call__(self, scope, receive, send):
        async with ThreadSensitiveContext():
            self._now += 1
            self.most = max(self.most, self._now)
            self.bodies.append((await receive()).get("body", b""))
            await sync_to_async(self._work, thread_sensitive=True)()
            self._now -= 1

    def _work(self) -> None:
        self.threads.add(threading.get_ident())
        time.sleep(0.002)


def saying(*parts):
    async def receive():
        return parts_left.pop(0)

    parts_left = list(parts)
    return receive


async def nowhere(_message):
    """Nobody listens."""


WHOLE = {"type": "http.request", "body": b"all", "more_body": False}


async def _come(app, count, path=PATH):
    scope = {"type": "http", "path": path}
    await asyncio.gather(*(app(scope, saying(WHOLE), nowhere) for _ in range(count)))


async def test_a_crowd_is_heard_in_few_threads_that_stay():
    crowd = Crowd()
    app = ContactThreads(crowd, threads=3)
    await _come(app, 20)
    await _come(app, 20)
    assert len(crowd.bodies) == 40
    assert crowd.most <= 3
    assert len(crowd.threads) <= 3


async def test_what_is_no_contact_waits_for_nobody():
    crowd = Crowd()
    await _come(ContactThreads(crowd, threads=1), 5, path="/admin/")
    assert crowd.most == 5


async def test_who_sends_slowly_holds_up_nobody():
    crowd = Crowd()
    app, rest = ContactThreads(crowd, threads=1), asyncio.Event()
    parts = [{"type": "http.request", "body": b"be", "more_body": True}]

    async def slow():
        if parts:
            return parts.pop()
        await rest.wait()
        return {"type": "http.request", "body": b"gun", "more_body": False}

    waiting = asyncio.create_task(app({"type": "http", "path": PATH}, slow, nowhere))
    await _come(app, 2)
    assert crowd.bodies == [b"all", b"all"]
    rest.set()
    await waiting
    assert crowd.bodies[2:] == [b"be"]


async def test_a_thread_is_free_again_after_an_error():
    async def broken(_scope, _receive, _send):
        raise RuntimeError

    app = ContactThreads(broken, threads=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await app({"type": "http", "path": PATH}, saying(WHOLE), nowhere)


async def test_what_is_too_large_is_handed_on_before_its_end(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3
    crowd = Crowd()
    parts = [{"type": "http.request", "body": b"much", "more_body": True}]
    await ContactThreads(crowd)({"type": "http", "path": PATH}, saying(*parts), nowhere)
    assert crowd.bodies == [b"much"]
