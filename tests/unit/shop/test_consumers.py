"""The socket of open screens: for our own pages only, and nothing but nudges."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import ConnectionError as RedisGone

from edgeshop import celery as roof
from edgeshop.kernel import events
from edgeshop.shop.consumers import SCREENS, ScreenConsumer

pytestmark = pytest.mark.unit
OURS = {"host": "localhost:8001", "origin": "http://localhost:8001"}


class Socket(ApplicationCommunicator):
    """A browser's socket with these headers, as a server would drive it."""

    def __init__(self, headers: dict[str, str]) -> None:
        said = [(name.encode(), value.encode()) for name, value in headers.items()]
        super().__init__(ScreenConsumer.as_asgi(), {"type": "websocket", "path": "/ws/shop/", "headers": said})

    async def knock(self) -> dict[str, Any]:
        """Ask to be let in; answers what the server said."""
        await self.send_input({"type": "websocket.connect"})
        answer: dict[str, Any] = await self.receive_output()
        return answer

    async def hear(self) -> Any:
        """The next message, read."""
        return json.loads((await self.receive_output())["text"])

    async def leave(self) -> None:
        """Close the page."""
        await self.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wait()


@asynccontextmanager
async def screen() -> AsyncIterator[Socket]:
    """A screen that listens."""
    opened = Socket(OURS)
    assert (await opened.knock())["type"] == "websocket.accept"
    yield opened
    await opened.leave()


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events go where the roof sends them in a running node."""
    monkeypatch.setattr(events, "_publisher", roof._publish)


async def test_a_screen_hears_what_changed(bound: None) -> None:
    async with screen() as one, screen() as other:
        await sync_to_async(events.publish)("prices.changed", shop_id=3, book=7)

        heard = [await opened.hear() for opened in (one, other)]

    assert heard == [{"kind": "prices.changed", "shop_id": 3, "book": 7}] * 2


async def test_a_screen_that_left_hears_nothing(bound: None) -> None:
    async with screen() as one:
        pass
    async with screen():
        await sync_to_async(events.publish)("prices.changed")

    assert await one.receive_nothing()


async def test_what_a_screen_says_is_ignored_and_the_socket_stays() -> None:
    async with screen() as one:
        for said in ({"text": "this is no JSON"}, {"bytes": b"\x00\xff"}, {"text": '{"type": "nudge"}'}):
            await one.send_input({"type": "websocket.receive"} | said)
        await get_channel_layer().group_send(SCREENS, {"type": "nudge", "kind": "catalogue.changed"})

        assert await one.hear() == {"kind": "catalogue.changed"}
        assert await one.receive_nothing()


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        (OURS, True),
        ({"host": "localhost", "origin": "https://localhost"}, True),
        ({"host": "LOCALHOST:8001", "origin": "http://localhost:8001"}, True),
        ({"host": "[::1]:8001", "origin": "http://[::1]:8001"}, True),
        ({"host": "localhost:8001", "origin": "http://localhost:8002"}, False),
        ({"host": "localhost:8001", "origin": "https://evil.example"}, False),
        ({"host": "evil.example", "origin": "http://evil.example"}, False),  # a name that was made to point here
        ({"host": "localhost:8001", "origin": "null"}, False),
        ({"host": "localhost:8001", "origin": "http://[localhost:8001"}, False),
        ({"host": "localhost:8001"}, False),
        ({"origin": "http://localhost:8001"}, False),
        ({}, False),
    ],
)
async def test_only_our_own_pages_may_listen(headers: dict[str, str], welcome: bool) -> None:
    asked = Socket(headers)

    answer = await asked.knock()

    assert answer["type"] == ("websocket.accept" if welcome else "websocket.close")
    await asked.leave()


class Gone(InMemoryChannelLayer):
    """A channel layer whose Redis has died."""

    async def group_add(self, group: str, channel: str) -> None:
        raise RedisGone


async def test_without_redis_the_socket_ends_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("channels.consumer.get_channel_layer", lambda _alias: Gone())
    asked = Socket(OURS)

    await asked.send_input({"type": "websocket.connect"})
    await asked.wait()

    assert await asked.receive_nothing()
    assert "an open screen must do without news: ConnectionError" in caplog.text
