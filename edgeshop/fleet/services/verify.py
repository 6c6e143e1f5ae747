"""The cloud's ear: which kiosk signed this request, and an answer that the kiosk can check."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from edgeshop.fleet.errors import ClockWrong, KeyUnknown, SignatureRefused
from edgeshop.fleet.models import HotKey, Kiosk
from edgeshop.fleet.services.client import CERTIFICATE_HEADER
from edgeshop.fleet.services.keys import cloud_key, subject_of
from edgeshop.fleet.services.trust import lower_trust
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.errors import Expired
from edgeshop.vault.services import (
    SPARE_LEVEL,
    is_by_spare,
    peek_jws,
    sign_response,
    thumbprint,
    verify_hot_certificate,
    verify_request,
)

_ID_DIGITS_MAX = 9  # ids are 32-bit integers


def signing_kiosk(request: HttpRequest) -> Kiosk:
    """The kiosk that signed a request, checked; whether it is still believed (`revoked_at`) is the caller's to ask.

    Raises: SignatureRefused; KeyUnknown when the key has to be introduced; ClockWrong.
    """
    certificate = request.headers.get(CERTIFICATE_HEADER)
    try:
        if certificate is not None:
            _introduce(certificate)
        kid = verify_request(
            request.method or "",
            request.get_full_path(),
            dict(request.headers),
            request.body,
            find_key=_jwk_of,
            max_age_s=None,  # a kiosk with a dead clock must still deliver; every section of a contact may come twice
        )
    except (KeyUnknown, SignatureRefused, ClockWrong):
        raise
    except EdgeShopError as error:
        raise SignatureRefused("This request is not signed as it must be.", why=error.code) from error
    return HotKey.objects.select_related("kiosk__shop").get(kid=kid).kiosk


def _jwk_of(kid: str) -> Mapping[str, Any]:
    known = HotKey.objects.filter(kid=kid, expires_at__gt=clock.now()).first()
    if known is None:
        raise KeyUnknown("We have not met this key; send its certificate.", kid=kid)
    return dict(known.jwk)


def _introduce(certificate: str) -> None:
    """Remember a hot key that a kiosk's device key vouches for, and forget that kiosk's old ones."""
    header, claimed = peek_jws(certificate)
    kiosk = _subject(str(claimed.get("sub", "")))
    try:
        jwk = verify_hot_certificate(certificate, issuer_jwk=kiosk.device_jwk or {}, subject=subject_of(kiosk.pk))
    except Expired as error:
        raise ClockWrong("This kiosk's clock is wrong.", now_s=int(clock.timestamp())) from error
    if is_by_spare(header, issuer_jwk=kiosk.device_jwk or {}):  # whatever else the kiosk says of itself
        lower_trust(kiosk.pk, SPARE_LEVEL)
    kid, expires_at = thumbprint(jwk), datetime.fromtimestamp(int(claimed["exp"]), UTC)
    HotKey.objects.filter(kiosk=kiosk, expires_at__lte=clock.now()).delete()
    known, _ = HotKey.objects.get_or_create(kid=kid, defaults={"kiosk": kiosk, "jwk": jwk, "expires_at": expires_at})
    if known.kiosk_id != kiosk.pk:  # a public key proves nothing: another kiosk could vouch for it, too
        raise SignatureRefused("This key is another kiosk's.", kid=kid)


def _subject(text: str) -> Kiosk:
    prefix, _, number = text.partition("/")
    is_name = prefix == "kiosk" and number.isascii() and number.isdecimal() and len(number) <= _ID_DIGITS_MAX
    kiosk = Kiosk.objects.filter(pk=int(number)).first() if is_name else None
    if kiosk is None or kiosk.device_jwk is None:
        raise SignatureRefused("We know no such kiosk.", subject=text[:40])
    return kiosk


def signed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with the cloud's signature, bound to the request it answers."""
    headers = sign_response(
        response.status_code,
        dict(response.headers),
        response.content,
        request_headers=dict(request.headers),
        key=cloud_key(),
    )
    for name, value in headers.items():
        response.headers[name] = value
    return response


def told_the_time(request: HttpRequest, error: ClockWrong) -> HttpResponse:
    """The error in the one shape of errors, but signed: a kiosk believes nobody else about the time."""
    body = {
        "code": error.code,
        "message": error.message,
        "retry": error.retry.value,
        "fields": error.fields,
        "request_id": getattr(request, "request_id", ""),
    }
    return signed(request, JsonResponse(body, status=error.http_status))
