"""The HTTP APIs: one for shoppers on a kiosk, one for kiosks on the cloud, and the one shape of their errors."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from edgeshop import __version__
from edgeshop.checkout.api import router as checkout_router
from edgeshop.fleet.api import router as fleet_router
from edgeshop.kernel.errors import EdgeShopError, Internal, InvalidInput, MethodNotAllowed, NotFound
from edgeshop.push.api import router as push_router
from edgeshop.recommend.api import router as recommend_router
from edgeshop.shop.api import router as shop_router
from edgeshop.sync.api import router as sync_router

log = logging.getLogger(__name__)
_PATHS = ("/api/", "/fleet/", "/sync/")  # where programs ask; people elsewhere get pages
_PAGES = {400, 404, 405, 500}  # what Django says by itself; a 416, say, is an operation's own
_ABOUT = "Sells and recommends with the cable out. Every error has one shape: code, message, retry, fields, request_id."
kiosk_api = NinjaAPI(title="EdgeShop kiosk", version=__version__, description=_ABOUT, urls_namespace="kiosk")
cloud_api = NinjaAPI(
    title="EdgeShop cloud", version=__version__, description=_ABOUT, urls_namespace="cloud", docs_url=None
)

kiosk_api.add_router("", shop_router)
kiosk_api.add_router("", recommend_router)
kiosk_api.add_router("", checkout_router)
kiosk_api.add_router("", push_router)
cloud_api.add_router("/fleet/", fleet_router)
cloud_api.add_router("/sync", sync_router)


def shape(request: HttpRequest, error: EdgeShopError) -> dict[str, Any]:
    """The one JSON shape of an error."""
    return {
        "code": error.code,
        "message": error.message,
        "retry": error.retry.value,
        "fields": error.fields,
        "request_id": getattr(request, "request_id", ""),
    }


def _say(api: NinjaAPI) -> None:
    @api.exception_handler(EdgeShopError)
    def ours(request: HttpRequest, error: EdgeShopError) -> HttpResponse:
        return api.create_response(request, shape(request, error), status=error.http_status)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [{"at": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors[:20]]
        return ours(request, InvalidInput("The request does not fit its form; see fields.", places=places))

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        return ours(request, InvalidInput("The request is too large.", bytes_max=settings.DATA_UPLOAD_MAX_MEMORY_SIZE))

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, _error: HttpError) -> HttpResponse:
        return ours(request, InvalidInput("The body of the request cannot be read."))

    @api.exception_handler(UnicodeEncodeError)
    def no_text(request: HttpRequest, _error: UnicodeEncodeError) -> HttpResponse:
        return ours(request, InvalidInput("The request holds half a character, which no database takes."))

    @api.exception_handler(Exception)
    def unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
        name = getattr(request, "request_id", "")
        log.error("request %s failed: %s %s", name, request.method, request.path, exc_info=error)
        return ours(request, _by_status(500))


def _by_status(status: int) -> EdgeShopError:
    """What Django says in a page of its own, in our words."""
    if status == NotFound.http_status:
        return NotFound("There is nothing at this address.")
    if status == MethodNotAllowed.http_status:
        return MethodNotAllowed("This address is not to be asked in this way.")
    if status == 400:
        return InvalidInput("The request cannot be read, or asks for a name that is not ours.")
    return Internal("Something went wrong here. The log has it under the request id.")


class OneShapeMiddleware:
    """Gives the one shape to errors that no operation has seen: unknown addresses, other methods, our own stumbles."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is fine, and what has its shape."""
        response = self.get_response(request)
        is_page = "json" not in response.headers.get("Content-Type", "")
        if not (is_page and response.status_code in _PAGES and f"{request.path_info}/".startswith(_PATHS)):
            return response
        error = _by_status(response.status_code)
        shaped = JsonResponse(shape(request, error), status=error.http_status)
        if "Allow" in response.headers:
            shaped.headers["Allow"] = response.headers["Allow"]
        return shaped


_say(kiosk_api)
_say(cloud_api)
