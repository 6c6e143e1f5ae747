"""Open screens: nudged when something changed, so that they look again. The socket carries no data of its own."""

import logging
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
SCREENS = "screens"


class ScreenConsumer(AsyncJsonWebsocketConsumer):
    """One open screen of this kiosk's own pages. It listens only; what a browser sends is ignored."""

    async def __call__(self, *asgi: Any) -> None:
        """Serve one socket. Without Redis it ends, and the screen lives on its heartbeats until it comes again."""
        try:
            await super().__call__(*asgi)
        except (RedisError, OSError) as error:
            log.warning("an open screen must do without news: %s", type(error).__name__)

    async def connect(self) -> None:
        """Join the group of all screens of this kiosk; pages of other places are refused."""
        if not _is_our_page(self.scope):
            await self.close()
            return
        await self.channel_layer.group_add(SCREENS, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        await self.channel_layer.group_discard(SCREENS, self.channel_name)

    async def receive(self, *_args: Any, **_kwargs: Any) -> None:
        """Screens have nothing to say here; their orders come by HTTP, signed."""

    async def nudge(self, event: dict[str, Any]) -> None:
        """Pass an event on."""
        await self.send_json({name: value for name, value in event.items() if name != "type"})


def _is_our_page(scope: dict[str, Any]) -> bool:
    """Whether a page of this very host and port asks, under a name that this node answers to.

    Browsers let every page open sockets to everywhere; its origin is all that tells ours from others. The second half
    stops a foreign name that was made to point here.
    """
    said = {name: value.decode("latin-1").lower() for name, value in scope["headers"] if name in {b"origin", b"host"}}
    host = said.get(b"host", "")
    is_same = said.get(b"origin", "").partition("://")[2] == host
    return is_same and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
