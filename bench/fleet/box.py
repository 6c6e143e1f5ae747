"""A simulated kiosk: a key and a journal of its own, and contacts in the real protocol over a connection of its own.

Real: the hot key and its certificate, the signed requests and the check of signed answers, words, messages, facts.
The loop is that of `sync.services.synchronise`, in one thread for all kiosks.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from bench.fleet.http import Answer, Line, NotOurs
from bench.fleet.moved import GRADE
from bench.fleet.till import Till
from bench.fleet.words import Memory, sections, take
from edgeshop.fleet.services import ACK_HEADER
from edgeshop.fleet.services.exchange import CERTIFICATE_HEADER, covered_by_answer
from edgeshop.settings.knobs import Sync
from edgeshop.sync.errors import Forgotten
from edgeshop.sync.services.egress.account import sizes_down, sizes_up
from edgeshop.sync.services.wire import PATH, Batch, Message, pack_message, to_address, unpack_answer
from edgeshop.sync.services.words import Difference, Words, difference, digest, to_words, whole
from edgeshop.vault.services import HotKey, key_name, sign_request, thumbprint, verify_response

_KNOBS = Sync(cloud_url="", tick_s=2)
_READ_TIMEOUT_S = _KNOBS.read_timeout_s


class Refused(Exception):
    """The cloud said no, or nothing of ours. `code` is the error's, or empty for a page that is not ours."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class AnswerLost(Exception):
    """The cloud has answered and committed, and the kiosk does not know."""


@dataclass(slots=True)
class Seen:
    """What all kiosks have met. Shapes: contacts [n] of milliseconds and whether facts went along."""

    contacts: list[tuple[float, bool]] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)

    def note_status(self, status: int) -> None:
        """One more answer of that status."""
        self.statuses[status] = self.statuses.get(status, 0) + 1

    @property
    def http_5xx(self) -> int:
        """How many answers were errors of the cloud's own."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(slots=True)
class Box:
    """One kiosk. `to_lose` answers are lost on their way from now on."""

    till: Till
    hot: HotKey
    cloud_jwks: list[dict[str, str]]
    memory: Memory
    line: Line
    seen: Seen
    to_lose: int = 0
    said: Words = field(default_factory=dict)
    _is_introduced: bool = False

    def sell_alone(self, orders: int) -> None:
        """Sell while there is no link, for an hour or more."""
        self.till.sell(orders)
        self.memory.ledger.end_hour()

    async def drain(self) -> None:
        """Contacts until neither side has more to say.

        Raises: Refused, AnswerLost, TimeoutError, OSError, EOFError: the next run goes on where this one stood.
        """
        for _ in range(_KNOBS.contacts_per_run_max):
            batch = self.till.batches[0][1] if self.till.batches else None
            told = await self._contact(batch)
            more = take(self.memory, self.till, told)
            if not (more or (batch is not None and self.till.batches)):
                return

    async def _contact(self, batch: Batch | None) -> dict[str, Any]:
        words = to_words(sections(self.memory, self.till, self.hot))
        try:
            told = await self._say(words, difference(self.said, words), batch)
        except Refused as refused:
            if refused.code != Forgotten.code:
                raise
            told = await self._say(words, whole(words), batch)
        self.said = words
        return told

    async def _say(self, words: Words, news: Difference, batch: Batch | None) -> dict[str, Any]:
        message = Message(GRADE, digest(words), news, batch)
        target, body = to_address(PATH, pack_message(message))
        method = "POST" if body else "GET"
        introduction = {} if self._is_introduced else {CERTIFICATE_HEADER: self.hot.certificate}
        sent = sign_request(method, target, introduction, body, key=self.hot, keyid=key_name(self.hot.kid))
        began = time.monotonic()
        try:
            answer = await asyncio.wait_for(self.line.ask(method, target, sent, body), _READ_TIMEOUT_S)
        except NotOurs as page:
            self.seen.note_status(page.status)
            raise Refused(page.status, "") from page
        self.seen.contacts.append(((time.monotonic() - began) * 1000, batch is not None))
        self.seen.note_status(answer.status)
        if self.to_lose:
            self.to_lose -= 1
            self.line.drop()
            raise AnswerLost
        told = self._read(answer, sent, batch)
        self.memory.ledger.count(
            up=sizes_up(message),
            up_bytes=_size(sent, target, body),
            down=sizes_down(told),
            down_bytes=_size(answer.headers, answer.body),
        )
        return told

    def _read(self, answer: Answer, sent: dict[str, str], batch: Batch | None) -> dict[str, Any]:
        if answer.status >= 400:
            raise Refused(answer.status, _code(answer.body))
        trusted = {key_name(thumbprint(jwk)): jwk for jwk in self.cloud_jwks}
        verify_response(
            answer.status,
            answer.headers,
            answer.body,
            request_headers=sent,
            find_key=trusted.get,
            also=covered_by_answer(answer.headers),
        )
        self._is_introduced = True
        ack = answer.headers.get(ACK_HEADER, "")
        if ack and batch is not None:
            return {"facts": {"acked_seq": int(ack), "unsettled": []}}
        return unpack_answer(answer.body) if answer.body else {}


def _size(headers: dict[str, str], *parts: str | bytes) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items()) + sum(map(len, parts))


def _code(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    return str(said.get("code", "")) if isinstance(said, dict) else ""
