"""The cloud's ear: which device signed this request, whether it is in time, and an answer that the kiosk can check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from edgeshop.fleet.errors import ClockWrong, KeyOver, KeyUnknown, RequestReplayed, SignatureRefused
from edgeshop.fleet.models import Device, HandledRequest, HotKey, Kiosk
from edgeshop.fleet.services.devices import distrust_of
from edgeshop.fleet.services.exchange import covered_by_answer
from edgeshop.fleet.services.introductions import hot_key_of
from edgeshop.fleet.services.keys import cloud_key
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import WINDOW_S, key_name, sign_response, signed_at, verify_request

# A request may be signed by a clock that runs ahead, and is good for a window from then on.
_REMEMBERED_S = 2 * WINDOW_S + 60
_late: dict[str, Callable[[bytes], bool]] = {}


@dataclass(frozen=True, slots=True)
class Heard:
    """Who signed a request. `is_fresh`: in time; else it is a batch from long ago that may come at any age.

    `distrust` says why what it brings goes into quarantine; None when the device is believed.
    """

    device: Device
    is_fresh: bool
    distrust: EdgeShopError | None

    @property
    def kiosk(self) -> Kiosk:
        """The kiosk that the device speaks or spoke for."""
        return self.device.kiosk


def takes_late(path: str, is_fine: Callable[[bytes], bool]) -> None:
    """Say which bodies a path takes at any age: only such as change nothing when they come again."""
    _late[path] = is_fine


def hear(request: HttpRequest) -> Heard:
    """Who signed a request, checked, and that it is in time and was not handled before.

    Raises: SignatureRefused; KeyUnknown when the key has to be introduced; ClockWrong; RequestReplayed.
    Effect: a key that is introduced is remembered, and so is a request in time.
    """
    headers, met = dict(request.headers), {}

    def find(kid: str) -> Mapping[str, Any]:
        met[kid] = hot_key_of(kid, headers)
        return dict(met[kid].jwk)

    try:
        kid = verify_request(
            request.method or "", request.get_full_path(), headers, request.body, find_key=find, max_age_s=None
        )
        return _judged(met[kid], request, signed_at(headers))
    except (KeyUnknown, SignatureRefused, ClockWrong, RequestReplayed):
        raise
    except EdgeShopError as error:
        raise SignatureRefused("This request is not signed as it must be.", why=error.code) from error


def _judged(hot: HotKey, request: HttpRequest, signed_s: int) -> Heard:
    """Whether a genuine request is in time, and if not, whether that matters."""
    now_s, device = clock.timestamp(), hot.device
    assert device is not None  # noqa: S101 -- for the type checker; `hot_key_of` finds no others
    is_key_over = hot.expires_at.timestamp() <= now_s
    if abs(now_s - signed_s) <= WINDOW_S and not is_key_over:
        _note_handled(device, sha256(request.headers["Signature"].encode()).hexdigest())
        return Heard(device, is_fresh=True, distrust=distrust_of(device))
    if signed_s > now_s or not _late.get(request.path_info, _never)(request.body):
        raise ClockWrong("This request is from another time.", now_s=int(now_s))
    over = KeyOver("This was signed by a key whose day is over.", kid=hot.kid) if is_key_over else None
    return Heard(device, is_fresh=False, distrust=distrust_of(device) or over)


def _never(_body: bytes) -> bool:
    return False


def _note_handled(device: Device, once: str) -> None:
    """Of one message no two signatures are alike, and none has a twin: each is its message's idempotency key."""
    at = clock.now()
    since = datetime.fromtimestamp(at.timestamp() - _REMEMBERED_S, UTC)
    HandledRequest.objects.filter(device=device, at__lt=since).delete()
    try:
        with transaction.atomic():
            HandledRequest.objects.create(device=device, key=once, at=at)
    except IntegrityError:
        raise RequestReplayed("This request has been handled before.", key=once) from None


def signed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with the cloud's signature, bound to the request it answers."""
    key = cloud_key()
    headers = sign_response(
        response.status_code,
        dict(response.headers),
        response.content,
        request_headers=dict(request.headers),
        key=key,
        also=covered_by_answer(response.headers),
        keyid=key_name(key.kid),
    )
    for name, value in headers.items():
        response.headers[name] = value
    return response


def refused(request: HttpRequest, error: EdgeShopError) -> HttpResponse:
    """The error in the one shape of errors; the time, though, is told by signature: a kiosk believes nobody else."""
    body = {
        "code": error.code,
        "message": error.message,
        "retry": error.retry.value,
        "fields": error.fields,
        "request_id": getattr(request, "request_id", ""),
    }
    answer = JsonResponse(body, status=error.http_status)
    return signed(request, answer) if isinstance(error, ClockWrong) else answer
