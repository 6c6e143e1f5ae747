"""Immutable files with resumable downloads. Source: RFC 9110, section 14 (one byte range from an offset)."""

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse

_FROM = re.compile(r"bytes=([0-9]{1,15})-")  # no longer: Python refuses to read numbers of thousands of digits


def ranged(request: HttpRequest, path: Path, *, content_type: str = "application/octet-stream") -> HttpResponse:
    """The file, or its rest from the offset that a Range header names; 416 when there is no such rest."""
    data = path.read_bytes()
    match = _FROM.fullmatch(request.headers.get("Range", ""))
    start = int(match.group(1)) if match else 0
    if match and start >= len(data):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    response = HttpResponse(data[start:], content_type=content_type, status=206 if match else 200)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Accept-Ranges"] = "bytes"
    if match:
        response.headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    return response
