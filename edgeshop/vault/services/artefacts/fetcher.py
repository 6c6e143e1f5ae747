"""How the TUF client reaches the repository: one kept-alive connection, a limit on every wait, few header bytes."""

import time
from collections.abc import Iterator
from pathlib import Path

import requests
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient.fetcher import FetcherInterface

from edgeshop.kernel.traffic import CountingAdapter
from edgeshop.vault.services.artefacts.validators import tag_of

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 20.0
WHOLE_TIMEOUT_S = 600.0  # of one file: whoever sends a byte now and then does not hold us for ever
CHUNK_BYTES = 64 * 1024
REFUSAL_BYTES_MAX = 4096  # of an error page that is read; a longer one costs the connection
LATEST = "timestamp.json"


class Unreachable(DownloadError):
    """The repository did not answer; `how` is one of our words for how far we got."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Fetcher(FetcherInterface):
    """Fetches for one kiosk; `home` is where the TUF client keeps its metadata."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._answer: requests.Response | None = None
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CountingAdapter())
        self._session.headers.clear()
        self._session.headers.update({"Accept-Encoding": "identity", "User-Agent": "EdgeShop"})

    def close(self) -> None:
        """Let the connection go."""
        self._abandon()
        self._session.close()

    def _abandon(self) -> None:
        """End an answer that nobody has read to its end, because it was longer than it should be."""
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def _fetch(self, url: str) -> Iterator[bytes]:
        """Raises, while iterated: DownloadHTTPError, Unreachable."""
        self._abandon()
        known = self._known(url)
        try:
            self._answer = self._ask(url, known)
            with self._answer as answer:
                yield from _read(answer, known)
        except requests.Timeout as error:
            raise Unreachable("timed_out") from error
        except requests.ConnectionError as error:
            raise Unreachable("refused") from error
        except requests.RequestException as error:
            raise Unreachable("malformed") from error

    def _ask(self, url: str, known: bytes | None) -> requests.Response:
        return self._session.get(
            url,
            headers={"If-None-Match": tag_of(known)} if known else {},
            timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
            allow_redirects=False,
            stream=True,
        )

    def _known(self, url: str) -> bytes | None:
        """The timestamp that we have: told that it is still the newest, we spare its bytes."""
        if not url.endswith(f"/{LATEST}"):
            return None
        try:
            return (self._home / LATEST).read_bytes()
        except FileNotFoundError:
            return None


def _read(answer: requests.Response, known: bytes | None) -> Iterator[bytes]:
    until_s = time.monotonic() + WHOLE_TIMEOUT_S
    if answer.status_code == 200:
        for chunk in answer.iter_content(CHUNK_BYTES):
            if time.monotonic() > until_s:
                raise Unreachable("timed_out")
            yield chunk
        return
    next(answer.iter_content(REFUSAL_BYTES_MAX), b"")  # read to its end, so that the connection can be used again
    if answer.status_code != 304 or not known:
        raise DownloadHTTPError(f"status {answer.status_code}", answer.status_code)
    yield known
