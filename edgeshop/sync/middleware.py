"""What an answer to a kiosk does without: headers that speak to browsers, and a name for a request that went well."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from edgeshop.fleet.services import ACK_HEADER, BEGUN_HEADER
from edgeshop.sync.services.wire import PATH

_KEPT = {"Content-Length", "Content-Range", "Content-Digest", "Signature-Input", "Signature", ACK_HEADER, BEGUN_HEADER}
_FILES = "/bundles/"


class BareAnswersMiddleware:
    """Every byte of a contact is paid for. Stands outside of all that adds headers; refusals keep theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and leave only what the kiosk reads."""
        response = self.get_response(request)
        is_ours = request.path_info == PATH or request.path_info.startswith(_FILES)
        if is_ours and response.status_code < 300:
            kept = _KEPT if response.content else _KEPT - {"Content-Length"}
            for name in [name for name in response.headers if name.title() not in kept]:
                del response.headers[name]
        return response
