"""What answers instead of the other end: a hotspot's login page, and a gateway that has lost its server."""

import json

from edgeshop.qa.watch import Request

_LOGIN_PATH = "/hotspot/login"
_LOGIN_PAGE = b"""<!doctype html><html lang="en"><title>Free Wi-Fi</title>
<h1>Welcome to our free Wi-Fi</h1><form method="post"><button>Accept and connect</button></form></html>
"""
_SORRY = json.dumps({"error": "upstream unavailable"}).encode()


def login_page(request: Request) -> bytes:
    """A hotspot's answer: pages are sent to its login, everything else gets the login's HTML with status 200."""
    if request.method == "GET" and not request.target.startswith(_LOGIN_PATH):
        return _answer("302 Found", "text/html", _LOGIN_PAGE, f"Location: {_LOGIN_PATH}\r\n")
    return _answer("200 OK", "text/html; charset=utf-8", _LOGIN_PAGE)


def bad_gateway(_: Request) -> bytes:
    """A proxy's answer when it has no server behind it: 503 in a shape that is not ours."""
    return _answer("503 Service Unavailable", "application/json", _SORRY)


def _answer(status: str, content_type: str, body: bytes, extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{extra}"
    return f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
