"""A shopper's browser: the model of the outbox, a real seat key, and a short wire to its kiosk.

It does what frontend/src/stores/{checkout,seats,orders}.ts do, step by step, so that it can be cut off between any two.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.errors import SeatInvalid
from edgeshop.checkout.services import envelope as orders
from edgeshop.checkout.services import request_seat
from edgeshop.checkout.services import seat_requests as requests
from edgeshop.checkout.services.sale import content_sha256
from edgeshop.kernel.errors import EdgeShopError, Retry
from edgeshop.qa.outbox_model import (
    Event,
    Held,
    State,
    Waiting,
    Want,
    orphans,
    pick_token,
    step,
    to_ask,
    to_send,
    token_report,
)
from edgeshop.qa.simulation.dice import Dice
from edgeshop.qa.simulation.front import Broken, Silence, ask_after, place, price_list, renew
from edgeshop.qa.simulation.machines import PRICES, STRICT
from edgeshop.vault.services import (
    MemoryKeystore,
    authority_now,
    peek_jws,
    sign_jws,
    thumbprint,
)

_RENEW_BEFORE_S = 3600
_CAREFUL_TRIES = 3
_ASK_MAX = 50
_BROKEN_MAX = 3
Lines = Sequence[tuple[int, int]]
Answer = TypeVar("Answer")
Front = Callable[[Callable[[], Any]], Any]


@dataclass
class Promise:
    """What somebody was told: a number, what was in the order, and whether it was `done` or a `slip`."""

    number: str
    sha256: str
    lines: tuple[tuple[int, int, int], ...]
    total_minor: int
    kiosk_id: int
    told: str
    browser: str = ""
    is_safe: bool = False
    excuse: str = ""


@dataclass
class Browser:
    """One browser. `front` carries a call to its kiosk, or raises Silence, Broken or the kiosk's refusal."""

    name: str
    kiosk_id: int
    purpose: Purpose
    dice: Dice
    front: Front
    now_s: Callable[[], float]
    keys: MemoryKeystore = field(default_factory=MemoryKeystore)
    state: State = field(default_factory=State)
    promises: dict[str, Promise] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    shelf: dict[int, int] = field(default_factory=lambda: dict(PRICES))
    book: int = 1
    _seat: str | None = None
    _seat_id: str = ""
    _seat_until_s: float = 0.0
    _tokens_max: int = 0
    _pending: str | None = None
    _asked: int = 0

    def __post_init__(self) -> None:
        self.jwk = self.keys.create("seat")
        self.jkt = thumbprint(self.jwk)

    def take(self, event: Event) -> str | None:
        """One event of the outbox, written durably; answers its refusal."""
        done = step(self.state, event)
        self.state = done.state
        return done.refusal

    def refresh(self) -> None:
        """Fetch the shelf's prices anew. Raises: Silence."""
        self.book, self.shelf = self.front(price_list)

    def refresh_quietly(self) -> None:
        """Fetch the shelf's prices anew, if the kiosk is there."""
        self._try(self.refresh)

    def top_up(self) -> None:
        """Renew the seat, report what ended, fill up with tokens. Raises: Silence, Broken, EdgeShopError."""
        now = self.now_s()
        if any(held.expires_at <= now for held in self.state.tokens):
            self.take({"kind": "clock", "now": now})
        is_due = self._seat is None or self._seat_until_s - _RENEW_BEFORE_S <= now
        if is_due:
            self._renew_seat()
        if self._pending is None:
            self._pending = self._new_request(now)
        if self._pending is not None:
            self._exchange(self._pending, is_fresh=is_due)

    def _renew_seat(self) -> None:
        admitted = self.front(
            lambda: request_seat(jwk=self.jwk, purpose=self.purpose, address="127.0.0.1", at=authority_now())
        )
        claims = peek_jws(admitted.jws)[1]
        self._pending = self._pending if str(admitted.seat_id) == self._seat_id else None  # it names the seat
        self._seat, self._seat_id = admitted.jws, str(admitted.seat_id)
        self._seat_until_s, self._tokens_max = claims["exp"], claims["max_tokens"]

    def _new_request(self, now: float) -> str | None:
        report = token_report(self.state, self.jkt)
        lasting = [held for held in self.state.tokens if held.expires_at - _RENEW_BEFORE_S > now]
        want = max(0, self._tokens_max - len(lasting))
        if not want and not report["unspent"]:
            return None
        self._asked += 1
        return self._sign(requests.TYP, {"jti": str(self._asked), "seat": self._seat_id, "want": want, **report})

    def _exchange(self, request: str, *, is_fresh: bool) -> None:
        seat = self._seat or ""
        try:
            minted = self.front(lambda: renew(seat, request))
        except EdgeShopError as error:
            is_over = error.code == SeatInvalid.code
            is_hopeless = error.retry == Retry.NEVER or (is_over and is_fresh)
            self._pending = None if is_hopeless else request
            self._seat = None if is_over else self._seat
            raise
        tokens = [self._token(token) for token in minted["tokens"]]
        self.take({"kind": "tokens", "tokens": tokens, "released": minted["released"]})
        self._pending = None

    def _token(self, token: str) -> dict[str, Any]:
        said = peek_jws(token)[1]
        named = {"number": said["rn"], "token": token, "jkt": said["cnf"]["jkt"]}
        return named | {"maxMinor": said["max"], "book": said["book"], "expiresAt": said["exp"]}

    def pay(self, lines: Lines, tender: str) -> str:
        """One checkout: `done`, `slip`, or the code of the refusal; `died` when the page did in the middle."""
        priced = tuple((product, qty, self.shelf[product]) for product, qty in lines if product in self.shelf)
        is_strict = any(product in STRICT for product, _ in lines)
        for _ in range(3):
            held = self._token_for(priced)
            if isinstance(held, str):
                return held
            outcome = self._offer(held, priced, tender, tries=_CAREFUL_TRIES if is_strict else 1)
            if outcome != "checkout.token_invalid":
                break
        return outcome

    def _token_for(self, priced: Sequence[tuple[int, int, int]]) -> Held | str:
        want = Want(sum(qty * unit for _, qty, unit in priced), self.book)
        found = pick_token(self.state, want, now=self.now_s())
        if found == "checkout.no_token":
            try:
                self.top_up()
            except (Silence, Broken, EdgeShopError):
                return found
            found = pick_token(self.state, want, now=self.now_s())
        return found

    def _offer(self, held: Held, priced: tuple[tuple[int, int, int], ...], tender: str, *, tries: int) -> str:
        total, at = sum(qty * unit for _, qty, unit in priced), self.now_s()
        said = {"rn": held.number, "token": held.token, "book": self.book, "lines": [list(line) for line in priced],
                "total": total, "tender": tender, "at": at, "lang": "en"}  # fmt: skip
        order = self._sign(orders.TYP, said, jwk=self.jwk, kid=self.jkt)
        sha256 = content_sha256(held.number, self.book, priced, total, tender, "en")
        event = {"kind": "pay", "number": held.number, "order": order, "sha256": sha256, "totalMinor": total}
        event |= {"book": self.book}
        refusal = self.take(event | {"withKiosk": False, "at": at, "details": None})
        if refusal is not None:
            return refusal
        self.promises[held.number] = Promise(
            held.number, sha256, priced, total, self.kiosk_id, "nothing", browser=self.name
        )
        return "died" if self.dice.happens(0.02) else self._settle(held.number, order, tries)

    def resume(self) -> None:
        """Finish checkouts whose page died between Pay and the slip."""
        for row in orphans(self.state):
            self._settle(row.number, row.order, 1)

    def _settle(self, number: str, order: str, tries: int) -> str:
        for _ in range(tries):
            try:
                self._answered(number, self.front(lambda: place(order, slip_shown=False)))
            except EdgeShopError as error:
                self.take({"kind": "refused", "number": number, "code": error.code})
                self.refused[number] = self.promises.pop(number).sha256
                if error.code == "checkout.price_changed":
                    self._try(self.refresh)
                return error.code
            except (Silence, Broken):
                continue
            return "done"
        self.take({"kind": "slip_shown", "number": number})
        self.promises[number].told = "slip"
        return "slip"

    def _answered(self, number: str, answer: dict[str, Any]) -> None:
        standing = {name: answer[name] for name in ("number", "delivery", "payment", "handover", "review")}
        self.take({"kind": "answered", "standing": standing, "receiptKey": answer["receipt_key"]})
        self.promises[number].told = "done"

    def flush(self) -> None:
        """Hand over what waits, then learn where the rest stands."""
        broken = 0
        for row in to_send(self.state, self.now_s()):
            outcome = self._hand_over(row)
            broken = broken + 1 if outcome == "broken" else 0
            if outcome == "silence" or broken >= _BROKEN_MAX:
                break
        self._try(self._learn)

    def _hand_over(self, row: Waiting) -> str:
        failed = {"kind": "failed", "number": row.number, "at": self.now_s()}
        try:
            self._answered(row.number, self.front(lambda: place(row.order, slip_shown=True)))
        except Silence:
            return "silence"
        except Broken:
            self.take(failed | {"code": None})
            return "broken"
        except EdgeShopError as error:
            self.take(failed | {"code": error.code})
            return "refused"
        return "sent"

    def _learn(self) -> None:
        numbers = to_ask(self.state)
        contents = {slip.number: slip.sha256 for slip in self.state.slips if slip.sha256}
        for at in range(0, len(numbers), _ASK_MAX):
            asked = numbers[at : at + _ASK_MAX]
            found = self.front(partial(ask_after, asked, contents))
            known = [one for one in found if one["known"]]
            self.take({"kind": "status", "known": known, "unknown": [o["number"] for o in found if not o["known"]]})

    def has(self, number: str) -> bool:
        """Whether the bytes of an order are still here."""
        return any(row.number == number for row in self.state.outbox)

    def knows_acknowledged(self, number: str) -> bool:
        """Whether it has heard that the cloud has an order."""
        return any(s.number == number and s.stage in {"acknowledged", "settled"} for s in self.state.slips)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (Silence, Broken, EdgeShopError):
            return

    def _sign(self, typ: str, claims: dict[str, Any], **headers: Any) -> str:
        return sign_jws(keystore=self.keys, key="seat", typ=typ, claims=claims, headers=headers or None)
