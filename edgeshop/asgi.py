"""The ASGI entry point: HTTP to Django, `/ws/` to Channels."""

from edgeshop.settings.env import use_role_settings

use_role_settings()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 -- settings come first
from django.core.asgi import get_asgi_application  # noqa: E402 -- settings come first

django_app = get_asgi_application()

from edgeshop import celery as roof  # noqa: E402 -- apps come first
from edgeshop.sync.threads import ContactThreads  # noqa: E402 -- apps come first
from edgeshop.urls import websocket_urlpatterns  # noqa: E402 -- apps come first

roof.bind()
application = ProtocolTypeRouter({"http": ContactThreads(django_app), "websocket": URLRouter(websocket_urlpatterns)})
