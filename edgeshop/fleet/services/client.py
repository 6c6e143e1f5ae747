"""The signed HTTP client of a kiosk: requests and answers carry RFC 9421 signatures and survive any proxy between."""

import json
import logging
from collections.abc import Callable

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError
from urllib3.util import SKIP_HEADER

from edgeshop.fleet.errors import ClockWrong, CloudRefused, CloudUnreachable, IssuersUnvouched, KeyUnknown
from edgeshop.fleet.services.begun import Reading
from edgeshop.fleet.services.exchange import ACK_HEADER, CERTIFICATE_HEADER, Exchange, Reply
from edgeshop.fleet.services.issuers import adopt_issuers
from edgeshop.fleet.services.keys import hot_key
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.traffic import CountingAdapter
from edgeshop.vault.services import key_name, sign_request

log = logging.getLogger(__name__)
ISSUERS_PATH = "/fleet/issuers"
_CHUNK_BYTES = 2048  # what a cut costs at most
_TRIES = 3  # as we are; with our certificate; by the cloud's clock


class CloudClient:
    """One kept-alive connection to the cloud; one object per process. `said` is what the cloud has heard over it;
    `unsure` are names of what else it may have heard, when its answer was lost.
    """

    def __init__(self) -> None:
        self.said: dict[str, bytes] = {}
        self.unsure: frozenset[str] = frozenset()
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CountingAdapter())
        self._session.headers.clear()
        self._session.headers.update(dict.fromkeys(("Accept-Encoding", "User-Agent"), SKIP_HEADER))
        self._base = settings.EDGESHOP.sync.cloud_url.rstrip("/")
        self._introduced: str | None = None
        self._behind_s = 0.0
        self._reading = Reading()

    def again(self) -> "CloudClient":
        """Another connection, over which the cloud has heard as much."""
        self._session.close()
        other = CloudClient()
        other.said, other.unsure = self.said, self.unsure
        return other

    def ask(self, address: str, body: bytes) -> Reply:
        """The cloud's answer to a signed message, its signature checked. No signature is made twice: each is a key of
        its own against copies (RFC 9110's idempotency is the receiver's, who knows it by the signature).

        Raises: CloudUnreachable (with how far we got), CloudRefused.
        """
        for _ in range(_TRIES):
            exchange = self._signed("POST" if body else "GET", address, body)
            if exchange.answer.status_code < 400:
                self._check(exchange)
                self._introduced = exchange.kid
                body = self._reading.whole(exchange.answer, exchange.content)
                return Reply(body, exchange.answer.headers.get(ACK_HEADER, ""))
            if not self._can_do_better(exchange):
                break
        raise exchange.refusal()

    def get(self, path: str) -> bytes:
        """A file by its content address; the caller checks the name. Raises: CloudUnreachable, CloudRefused."""
        answer = self._send(requests.Request("GET", self._base + path))
        if answer.status_code != 200:
            raise CloudRefused("The cloud has no such file.", status=answer.status_code, path=path)
        return answer.content

    def download(self, path: str, *, start: int, size: int, write: Callable[[bytes], object]) -> None:
        """A file by its content address, from byte `start` on, handed over as it comes. Units: bytes.

        Raises: CloudUnreachable, CloudRefused. Effect: what came before that has been written.
        """
        headers = {"Range": f"bytes={start}-"} if start else {}
        answer = self._send(requests.Request("GET", self._base + path, headers=headers), stream=True)
        if answer.status_code not in ({200, 206} if start else {200}):
            raise CloudRefused("The cloud has no such file.", status=answer.status_code, path=path)
        place = start if answer.status_code == 206 else 0  # something between us may not know ranges
        try:
            for chunk in answer.iter_content(_CHUNK_BYTES):
                write(chunk[max(0, start - place) : max(0, size - place)])
                place += len(chunk)
        except requests.RequestException as error:
            raise CloudUnreachable("The file broke off.", how="malformed") from error

    def _signed(self, method: str, address: str, body: bytes) -> Exchange:
        now_s = clock.timestamp() + self._behind_s
        hot, url = hot_key(now_s=now_s), self._base + address
        headers = {} if self._introduced == hot.kid else {CERTIFICATE_HEADER: hot.certificate}
        sent = sign_request(method, url, headers, body, key=hot, keyid=key_name(hot.kid), created_s=now_s)
        left_s, sent = clock.boot_s(), sent | self._reading.headers
        answer = self._send(requests.Request(method, url, headers=sent, data=body), stream=True)
        return Exchange(hot.kid, left_s, sent, answer, self._reading.read(answer))

    def _can_do_better(self, exchange: Exchange) -> bool:
        """Whether another try makes sense: with our certificate where our key is forgotten, or by the cloud's clock."""
        error = exchange.error()
        if error.get("code") == KeyUnknown.code and CERTIFICATE_HEADER not in exchange.sent:
            self._introduced = None
            return True
        if error.get("code") == ClockWrong.code:
            self._check(exchange)
            self._behind_s = float(error["fields"]["now_s"]) - clock.timestamp()
            log.warning("this kiosk's clock is wrong by %.0f s; signing by the cloud's", self._behind_s)
            return True
        return False

    def _check(self, exchange: Exchange) -> None:
        """Believe an answer, or do not. The cloud may have other keys than when we last spoke: it names them, and one
        that we trust has to vouch for them. Raises: CloudUnreachable."""
        if exchange.check():
            return
        try:
            adopt_issuers(self._lists())
        except EdgeShopError as error:
            raise CloudUnreachable("Something answered, but not our cloud.", how="not_ours", why=error.code) from error
        if not exchange.check():
            raise CloudUnreachable("Something answered, but not our cloud.", how="not_ours", why="key")

    def _lists(self) -> list[str]:
        """The cloud's lists of its keys. They speak for themselves, so this answer needs no signature."""
        try:
            lists = json.loads(self.get(ISSUERS_PATH))["lists"]
        except (ValueError, KeyError, TypeError) as odd:
            raise IssuersUnvouched("That is no list of keys.") from odd
        return [str(token) for token in lists] if isinstance(lists, list) else []

    def _send(self, request: requests.Request, *, stream: bool = False) -> requests.Response:
        knobs = settings.EDGESHOP.sync
        try:
            return self._session.send(
                self._session.prepare_request(request),
                timeout=(knobs.connect_timeout_s, knobs.read_timeout_s),
                allow_redirects=False,
                stream=stream,
            )
        except requests.ConnectTimeout as error:
            raise CloudUnreachable("The cloud could not be reached.", how="refused") from error
        except requests.Timeout as error:
            raise CloudUnreachable("The cloud did not answer in time.", how="timed_out") from error
        except requests.ConnectionError as error:
            how = "refused" if _is_unsent(error) else "broke_off"
            raise CloudUnreachable("The cloud could not be reached.", how=how) from error
        except requests.RequestException as error:
            raise CloudUnreachable("The answer made no sense.", how="malformed") from error


def _is_unsent(error: requests.ConnectionError) -> bool:
    """Whether there was no connection to begin with, so that nothing can have arrived."""
    return any(isinstance(getattr(why, "reason", None), NewConnectionError) for why in error.args)
