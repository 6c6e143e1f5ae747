"""The page that makes a box a kiosk: for whoever unpacks it, and later for operators only."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from edgeshop.fleet.models import Device, Kiosk
from edgeshop.fleet.services.joining import join
from edgeshop.fleet.services.levels import WORDS
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import keystore

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code and enrol with it. A box that is a kiosk already changes hands by an operator only.

    The cloud is the one of the settings: nobody types an address here. The one request of a kiosk that waits for a
    network, because there is nothing to sell before.
    """
    kiosk = Kiosk.objects.filter(is_self=True).first()
    if kiosk is not None and not request.user.has_perm("fleet.change_kiosk"):
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return _enrol(request, kiosk)
    return _page(request, kiosk=kiosk)


def _enrol(request: HttpRequest, kiosk: Kiosk | None) -> HttpResponse:
    try:
        fresh = join(url=settings.EDGESHOP.sync.cloud_url, code=request.POST.get("code", "")[:80])
    except EdgeShopError as error:
        return _page(request, kiosk=kiosk, error=error)
    return _page(request, kiosk=fresh, is_done=True)


def _page(
    request: HttpRequest, *, kiosk: Kiosk | None, error: EdgeShopError | None = None, is_done: bool = False
) -> HttpResponse:
    said = {
        "kiosk": kiosk,
        "device": Device.objects.filter(kiosk=kiosk).first() if kiosk else None,
        "level": WORDS.get(kiosk.trust_level if kiosk else keystore().trust_level, ""),
        "cloud_url": settings.EDGESHOP.sync.cloud_url,
        "error": error,
        "is_done": is_done,
    }
    response = render(request, "fleet/enrol.html", said, status=error.http_status if error else 200)
    response.headers["Content-Security-Policy"] = _POLICY
    return response
