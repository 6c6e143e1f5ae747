"""A name for each request, so that an error on a screen can be found in a log; and a look back at each start.

Django builds its middleware once, when a web server starts: that is the one place every server passes.
"""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from edgeshop.fleet import boot


class RequestIdMiddleware:
    """Sets `request.request_id` and the `X-Request-Id` header of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        boot.look_back()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request."""
        request.request_id = secrets.token_hex(6)  # type: ignore[attr-defined]  # -- our own attribute on Django's request
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]  # -- as above
        return response
