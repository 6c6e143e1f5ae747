"""Bundles over HTTP: files by the hash of their contents, from any byte on, for whoever was told the name."""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from edgeshop.sync.services.bundle_files import read_bundle

_FROM = re.compile(r"bytes=(\d{1,12})-", re.ASCII)


@require_safe
def bundle(request: HttpRequest, name: str) -> HttpResponse:
    """A bundle, or what is left of it (RFC 9110, one open range). 404 for one that has been forgotten."""
    data, asked = read_bundle(name), _FROM.fullmatch(request.headers.get("Range", ""))
    if data is None:
        return HttpResponse(status=404)
    start = int(asked[1]) if asked else 0
    if start >= len(data):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    if asked is None:
        return HttpResponse(data)
    return HttpResponse(
        data[start:], status=206, headers={"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
    )
