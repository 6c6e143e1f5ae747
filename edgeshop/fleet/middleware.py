"""A name for each request, so that an error on a screen can be found in a log; a look back at each start; and, on the
cloud, the one place where it is decided which kiosk is heard.

Django builds its middleware once, when a web server starts: that is the one place every server passes.
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from edgeshop.fleet import boot
from edgeshop.fleet.services import second_factor
from edgeshop.fleet.services.verify import hear, refused, signed
from edgeshop.kernel.errors import EdgeShopError, InvalidInput

_SIGNED = ("/fleet/", "/sync/")
_OPEN = {
    "/fleet/enrol",
    "/fleet/issuers",
    "/sync/status",
}  # a box without a name; lists that speak for themselves; counts
_HALFWAY = ("admin:fleet_second_factor", "admin:fleet_new_second_factor", "admin:login", "admin:logout")


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


class SecondFactorMiddleware:
    """In the cloud, a password alone opens only the page that asks for the rest, or the one that sets it up.

    Only requests with a session are looked at: kiosks sign theirs and have none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on, or go to the second factor first."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and second_factor.is_missing(request.user) and not _is_halfway(request.path):
            where = reverse("admin:fleet_second_factor")
            return HttpResponseRedirect(f"{where}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)


def _is_halfway(path: str) -> bool:
    return path in {reverse(name) for name in _HALFWAY}


class SignedRequestsMiddleware:
    """On the cloud, hears only signed requests where kiosks speak, and signs every answer to them.

    Sets `request.heard`. Stands outside whatever changes an answer: the signature covers status and body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or hear, answer and sign."""
        path = request.path_info
        if not settings.EDGESHOP.is_ledger or path in _OPEN or not f"{path}/".startswith(_SIGNED):
            return self.get_response(request)
        try:
            request.heard = hear(request)  # type: ignore[attr-defined]  # -- our own attribute on Django's request
        except RequestDataTooBig:
            bytes_max = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            return refused(request, InvalidInput("The request is too large.", bytes_max=bytes_max))
        except EdgeShopError as error:
            return refused(request, error)
        return signed(request, self.get_response(request))
