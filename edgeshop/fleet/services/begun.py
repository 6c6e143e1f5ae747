"""An answer that broke off goes on where it stopped: the kiosk names what it has of it, and if the cloud would say the
same again it sends the rest. Source: the idea of RFC 9110 `If-Range`, for an answer that has no name of its own.
"""

import hashlib

import requests

from edgeshop.fleet.errors import CloudUnreachable

BEGUN_HEADER = "Begun"
_CHUNK_BYTES = 512  # of an answer; what a cut costs at most
_LEAST_BYTES = 512  # less is not worth the words
_DIGITS = 16


def mark(data: bytes) -> str:
    """How the beginning of an answer is named: its length and a quarter of its SHA-256, as "1234.0a1b…"."""
    return f"{len(data)}.{hashlib.sha256(data).hexdigest()[:_DIGITS]}"


def rest_of(body: bytes, begun: str) -> bytes | None:
    """On the cloud: what is missing of this answer for who has its beginning; None when that was of another one."""
    said, _, _ = begun.partition(".")
    length = int(said) if said.isdecimal() and len(said) < _DIGITS else 0
    return body[length:] if 0 < length < len(body) and mark(body[:length]) == begun else None


class Reading:
    """On a kiosk: the beginning of an answer that broke off, for as long as nothing else has come."""

    def __init__(self) -> None:
        self._begun = b""

    @property
    def headers(self) -> dict[str, str]:
        """What to ask with."""
        return {BEGUN_HEADER: mark(self._begun)} if len(self._begun) >= _LEAST_BYTES else {}

    def read(self, answer: requests.Response) -> bytes:
        """The body as it was sent. Raises: CloudUnreachable when it broke off; what came of it is kept."""
        came = bytearray()
        try:
            for chunk in answer.iter_content(_CHUNK_BYTES):
                came += chunk
        except requests.RequestException as error:
            self._begun = (self._begun if self._goes_on(answer) else b"") + bytes(came)
            raise CloudUnreachable("The answer broke off.", how="malformed") from error
        return bytes(came)

    def whole(self, answer: requests.Response, sent: bytes) -> bytes:
        """The body with its beginning, once its signature was checked, which covers the name of that. Raises:
        CloudUnreachable. Effect: nothing is begun any more."""
        begun, self._begun = self._begun, b""
        said = answer.headers.get(BEGUN_HEADER)
        if said is None:
            return sent
        if said != mark(begun):
            raise CloudUnreachable("This is the end of another answer.", how="not_ours")
        return begun + sent

    def _goes_on(self, answer: requests.Response) -> bool:
        return answer.headers.get(BEGUN_HEADER) == mark(self._begun)
