"""A shopper without a browser: speaks the wire of checkout with a key like WebCrypto's, for checks and load.

seat = Seat(kiosk.front.url)
order = seat.sell((17, 2), tender="cash")       # two of product 17
seat.where(order["number"])                     # {'delivery': 'settled', ...}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests

from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.kernel.money import price_basket
from edgeshop.vault.services import MemoryKeystore, peek_jws, sign_jws

Answer = dict[str, Any]
Line = tuple[int, int]  # product id, quantity
_TIMEOUT_S = 10
_QUOTA_BYTES = 200 * 2**20


class Refused(EdgeShopError):
    """The kiosk said no; `fields` hold its `status`, its code as `refusal`, and its `data`."""

    code = "qa.refused"


@dataclass(frozen=True, slots=True)
class Prices:
    """What a seat knows of the shelf, from the kiosk's core seed."""

    book: int
    inclusive: bool
    rates: dict[str, int]
    unit_minor: dict[int, int]
    tax_class: dict[int, str]
    policy: dict[int, str]

    def total_minor(self, lines: Sequence[Line]) -> int:
        """What the shopper pays."""
        priced = [(qty, self.unit_minor[pid], self.rates[self.tax_class[pid]]) for pid, qty in lines]
        return price_basket(priced, inclusive=self.inclusive).total_minor


class Seat:
    """One admitted browser profile: a key, a delegation, some tokens, a price list. All of it in memory."""

    def __init__(self, url: str, *, purpose: str = "screen", lang: str = "en") -> None:
        """A seat that finds its kiosk at `url`; nothing is asked yet."""
        self._url, self._purpose, self._lang = url, purpose, lang
        self._keys = MemoryKeystore()
        self.jwk = self._keys.create("seat")
        self.tokens: list[str] = []
        self._unanswered: str | None = None
        self._seat: Answer | None = None
        self._prices: Prices | None = None

    def prices(self) -> Prices:
        """The shelf as seeded, fetched once; `refresh` fetches it again. Raises: Refused."""
        if self._prices is None:
            self.refresh()
        if self._prices is None:
            raise Refused("The kiosk offers no core seed.")
        return self._prices

    def refresh(self) -> None:
        """Fetch the price list again, as a screen does when prices change. Raises: Refused."""
        manifest = self._get(f"/api/seeds?quota_bytes={_QUOTA_BYTES}")
        items = [item for stage in manifest["stages"] for item in stage["items"] if item["kind"] == "core"]
        for item in items:
            self._prices = _read_core(self._get(item["url"]))

    def admitted(self) -> Answer:
        """This seat's delegation, asked for once. Raises: Refused."""
        if self._seat is None:
            self._seat = self._post("/api/seats", {"jwk": self.jwk, "purpose": self._purpose})
        return self._seat

    def draw(self, want: int = 1, *, unspent: Sequence[str] = ()) -> list[str]:
        """Ask for tokens, report expired ones that were never spent, and return the new ones. Raises: Refused.

        A request whose answer got lost is the next one sent, byte for byte: the kiosk answers it with the same numbers.
        """
        seat = self.admitted()
        if self._unanswered is None:
            held = [str(peek_jws(token)[1]["rn"]) for token in self.tokens]
            claims = {"seat": seat["seat_id"], "want": want, "held": held, "unspent": list(unspent)}
            claims |= {"jti": uuid4().hex, "iat": _now_s()}
            self._unanswered = self._sign("tokens+jws", claims)
        request, self._unanswered = self._unanswered, None
        try:
            fresh = self._post("/api/tokens", {"seat": seat["seat"], "request": request})["tokens"]
        except requests.RequestException:
            self._unanswered = request
            raise
        self.tokens += fresh
        return list(fresh)

    def freeze(self, *lines: Line, tender: str = "cash", token: str | None = None) -> str:
        """Spend a token on a signed order, as Pay does: the bytes that every later attempt sends."""
        if token is None:
            if not self.tokens:
                self.draw()
            token = self.tokens.pop(0)
        prices = self.prices()
        claims = {
            "rn": peek_jws(token)[1]["rn"],
            "token": token,
            "book": prices.book,
            "lines": [[pid, qty, prices.unit_minor[pid]] for pid, qty in lines],
            "total": prices.total_minor(lines),
            "tender": tender,
            "at": _now_s(),
            "lang": self._lang,
        }
        return self._sign("order+jws", claims)

    def place(self, order: str, *, slip_shown: bool = False) -> Answer:
        """Hand a frozen order to the kiosk. Raises: Refused; requests.RequestException when no answer came."""
        return self._post("/api/orders", {"order": order, "slip_shown": slip_shown})

    def sell(self, *lines: Line, tender: str = "cash") -> Answer:
        """Freeze and place in one go. Raises: as `place`."""
        return self.place(self.freeze(*lines, tender=tender))

    def where(self, number: str) -> Answer:
        """Where an order stands, as the kiosk knows it. Raises: Refused."""
        found: Answer = self._post("/api/orders/status", {"numbers": [number]})["orders"][0]
        return found

    def sellable(self, count: int = 1, *, policy: str | None = None) -> list[int]:
        """Products to sell in a test: the best sellers, of one stock policy if named."""
        prices = self.prices()
        return [pid for pid in prices.unit_minor if policy in {None, prices.policy[pid]}][:count]

    def _sign(self, typ: str, claims: Answer) -> str:
        return sign_jws(keystore=self._keys, key="seat", typ=typ, claims=claims, headers={"jwk": self.jwk})

    def _get(self, path: str) -> Answer:
        return _said(requests.get(self._url + path, timeout=_TIMEOUT_S))

    def _post(self, path: str, body: Answer) -> Answer:
        return _said(requests.post(self._url + path, json=body, timeout=_TIMEOUT_S))


def _now_s() -> int:
    return int(clock.timestamp())


def _said(answer: requests.Response) -> Answer:
    body: Answer = answer.json()
    if not answer.ok:
        said = f"{answer.status_code} {body.get('code')}: {body.get('message')}"
        raise Refused(said, status=answer.status_code, refusal=body.get("code"), data=body.get("fields"))
    return body


def _read_core(core: Answer) -> Prices:
    shelf = core["products"]
    by_id = {pid: place for place, pid in enumerate(shelf["id"])}
    best_first = [pid for pid in shelf.get("popular", []) if pid in by_id]
    order = [*best_first, *(pid for pid in shelf["id"] if pid not in set(best_first))]
    return Prices(
        book=core["book"],
        inclusive=core["shop"]["inclusive"],
        rates=core["rates"],
        unit_minor={pid: shelf["price"][by_id[pid]] for pid in order},
        tax_class={pid: shelf["tax"][by_id[pid]] for pid in order},
        policy={pid: shelf["policy"][by_id[pid]] for pid in order},
    )
