"""The artefact repository over HTTP: plain files for anybody, since nobody believes them without their signatures."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from edgeshop.vault.services.artefacts.validators import tag_of

_FOREVER = "public, max-age=31536000, immutable"
_FOLDERS = ("metadata", "targets")
_LATEST = "metadata/timestamp.json"  # the one file that changes under its name


@require_safe
def artefact(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the repository. A kiosk that knows the newest timestamp is told so in a few bytes.

    A missing file is an empty answer: kiosks ask for the next root at every poll, and there rarely is one.
    """
    home = Path(settings.EDGESHOP.state_dir).resolve() / "artefacts"
    path = (home / name).resolve()
    if not any(path.is_relative_to(home / folder) for folder in _FOLDERS) or not path.is_file():
        return _bare(404)
    data = path.read_bytes()
    if name != _LATEST:
        return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": _FOREVER})
    tag = tag_of(data)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return _bare(304, headers)
    return HttpResponse(data, content_type="application/json", headers=headers)


def _bare(status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """An answer without a body, and without the headers that only matter to one: they would cost more than the news."""
    response = HttpResponse(status=status, headers=headers)
    del response.headers["Content-Type"]
    response.xframe_options_exempt = True
    return response
