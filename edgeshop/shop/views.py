"""Pages that are files: the PWA's shell and assets of the build in use, and pictures by their content address."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from edgeshop.catalog import media
from edgeshop.fleet.queries import is_enrolled
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.shop.services.pwa import built_home
from edgeshop.shop.services.ranges import ranged

DIST = Path(settings.BASE_DIR) / "static" / "dist"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {  # our own list: what a machine knows about file names differs from one to the next
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Scripts, styles and pictures from here only; the worker and the shell cannot be made to load anything else. The
# socket is named by host, because not every browser counts it under 'self'. Frames: the demo's panel on this machine.
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws://{host} wss://{host}; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def to_admin(_request: HttpRequest) -> HttpResponse:
    """The cloud has no shop window; its front page is the admin."""
    return HttpResponseRedirect("/admin/")


def _file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the build; what the build named by its content may be kept for ever, and its rest be asked for."""
    home = built_home(DIST).resolve()
    target = (home / name).resolve()
    if not target.is_relative_to(home) or not target.is_file():
        raise Http404(name)
    content_type = _TYPES.get(target.suffix, "application/octet-stream")
    if target.is_relative_to(home / "assets"):
        return ranged(request, target, content_type=content_type)
    response = HttpResponse(target.read_bytes(), content_type=content_type)
    response.headers["Cache-Control"] = "no-cache"
    return response


def front(request: HttpRequest) -> HttpResponse:
    """The shell; a box that is no kiosk yet has nothing to show, and leads to the page that makes it one."""
    return shell(request) if is_enrolled() else HttpResponseRedirect("/enrol")


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The PWA's one page, for every address it routes itself."""
    try:
        response = _file(request, "index.html")
    except Http404:
        said = "The shop window is not built yet. Run: make frontend"
        return HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    response.headers["Content-Security-Policy"] = _POLICY.format(host=request.get_host())
    response.xframe_options_exempt = True  # the policy above rules
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker; never cached, so that a new build is found."""
    response = _file(request, "sw.js")
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@require_safe
def built_file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the build."""
    return _file(request, name)


@require_safe
def picture(_request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture by the SHA-256 of its bytes. An SVG is served so that nothing in it can run."""
    try:
        data = media.load(sha256)
        kind = media.content_type(data)
    except EdgeShopError as error:
        raise Http404(error.message) from error
    response = HttpResponse(data, content_type=kind)
    response.headers["Cache-Control"] = _FOREVER
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return response
