"""The one form of our signed messages: what they cover, in which order, and how their headers are spelt.

The form is fixed to the letter, so that reading it needs no choice and leaves no room for one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from joserfc.util import urlsafe_b64decode

from edgeshop.vault.errors import BadSignature
from edgeshop.vault.services.p256 import demand_low_s

Headers = Mapping[str, str]
LABEL = "s"
KEYID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
CREATED = re.compile(r"0|[1-9]\d{0,11}", re.ASCII)
SIGNED_AT = re.compile(rf";created=({CREATED.pattern});keyid=", re.ASCII)
SIGNATURE = re.compile(r"s=:([A-Za-z0-9+/]{86}==):")
BINDING = '"signature";req'
OWN = ("content-digest", "signature-input", "signature")


@dataclass
class Request:
    """What the signature library takes for a request."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass
class Answer:
    """What it takes for a response."""

    status_code: int
    headers: dict[str, str]
    request: Request


def request(method: str, url: str, headers: dict[str, str]) -> Request:
    """A request; a bare path gets a host, which nothing covers."""
    return Request(method.upper(), f"http://node.invalid{url}" if url.startswith("/") else url, headers)


def answer(status: int, headers: dict[str, str], request_headers: Headers) -> Answer:
    """An answer; of its request only the signature is covered, and that covers all the rest."""
    return Answer(status, headers, Request("GET", "http://node.invalid/", lowered(request_headers)))


def lowered(headers: Headers) -> dict[str, str]:
    """Headers by lower-case name. Raises: BadSignature when two names meet."""
    found = {name.lower(): value for name, value in headers.items()}
    if len(found) != len(headers):
        raise BadSignature("A header is there twice.")
    return found


def request_parts(message: Request, body: bytes, also: Sequence[str]) -> list[str]:
    """What the signature of this request covers, in order."""
    query = ["@query"] if _has_query(message.url) else []
    return ["@method", "@path", *query, *_digest(body), *also]


def _has_query(url: str) -> bool:
    try:
        return bool(urlsplit(url).query)
    except ValueError:
        return False  # no URL at all; the library says so


def answer_parts(body: bytes, also: Sequence[str]) -> list[str]:
    """What the signature of an answer covers, in order."""
    return ["@status", BINDING, *_digest(body), *also]


def _digest(body: bytes) -> list[str]:
    return ["content-digest"] if body else []


def described(headers: dict[str, str], parts: list[str]) -> tuple[int, str]:
    """When and by which key, from headers in exactly our form for this very message. Raises: BadSignature."""
    covered = " ".join(part if part.startswith('"') else f'"{part}"' for part in parts)
    form = rf'{LABEL}=\({re.escape(covered)}\);created=({CREATED.pattern});keyid="({KEYID.pattern})"'
    said = re.fullmatch(form, headers.get("signature-input", ""), re.ASCII)
    signature = SIGNATURE.fullmatch(headers.get("signature", ""))
    if said is None or signature is None:
        raise BadSignature("There is no signature of our form that covers this message.")
    demand_low_s(_canonical(signature[1]))
    return int(said[1]), said[2]


def _canonical(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.translate(str.maketrans("+/", "-_")).rstrip("=").encode("ascii"))
    except ValueError:
        raise BadSignature("The signature is not in its one accepted form.") from None
