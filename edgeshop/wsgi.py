"""The WSGI entry point: HTTP only, for the cloud's many cores."""

from edgeshop.settings.env import use_role_settings

use_role_settings()

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- settings come first

application = get_wsgi_application()

from edgeshop import celery as roof  # noqa: E402 -- apps come first

roof.bind()
