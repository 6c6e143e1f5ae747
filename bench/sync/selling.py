"""The workload's orders, sold by the kiosk's own services on tokens of seats: two screens, and phones that come and
go.
"""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from edgeshop.catalog.models import Product
from edgeshop.checkout import services
from edgeshop.checkout.enums import Purpose
from edgeshop.journal.models import Record
from edgeshop.kernel import clock
from edgeshop.qa.movable_clock import MovableClock
from edgeshop.vault.services import MemoryKeystore, peek_jws, sign_jws, thumbprint

_TENDERS = {"card": "card", "wallet": "counter", "cash": "cash"}
_SHARES = {"first": 45, "second": 30, "phone": 25}
_ANOTHER = 0.6  # of phones order once and leave


class Seat:
    """A browser with a key of its own, and the tokens it holds."""

    def __init__(self, purpose: Purpose, address: str, at: datetime) -> None:
        self.keys, self.tokens, self.asked = MemoryKeystore(), list[str](), 0
        self.jwk = self.keys.create("seat")
        said = services.request_seat(jwk=self.jwk, purpose=purpose, address=address, at=at)
        self.delegation, self.seat_id, self.want = said.jws, str(said.seat_id), 8 if purpose == Purpose.SCREEN else 2

    def token(self, at: datetime) -> str:
        """The oldest token; new ones are fetched when there is none."""
        if not self.tokens:
            self.asked += 1
            claims = {"jti": str(self.asked), "seat": self.seat_id, "want": self.want, "held": [], "unspent": []}
            request = self.sign("tokens+jws", claims)
            asked = services.open_request(delegation=self.delegation, request=request, at=at)
            self.tokens += services.renew_tokens(asked, at=at).tokens
        return self.tokens.pop(0)

    def sign(self, typ: str, claims: dict[str, Any], **headers: Any) -> str:
        """Claims under the seat's key."""
        return sign_jws(keystore=self.keys, key="seat", typ=typ, claims=claims, headers=headers or None)


def sell_all(orders: list[dict[str, Any]]) -> dict[str, Any]:
    """Sell them all, one after the other as time goes by, for the cloud as well. Answers how many facts that wrote."""
    ids = dict(Product.objects.values_list("sku", "pk"))
    rng, before = random.Random(11), Record.objects.count()
    moved, seats = MovableClock(Path(os.environ["EDGESHOP_CLOCK_FILE"])), dict[str, Seat]()
    shift = clock.timestamp() - orders[0]["created_at"]
    for order in orders:
        moved.forward(timedelta(seconds=max(0.0, order["created_at"] + shift - clock.timestamp())))
        _sell(order, ids, seats, rng, clock.timestamp())
    return {"facts": Record.objects.count() - before}


def _sell(order: dict[str, Any], ids: dict[str, int], seats: dict[str, Seat], rng: random.Random, at_s: float) -> None:
    at = datetime.fromtimestamp(at_s, UTC)
    who = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    if who not in seats:
        is_phone, place = who == "phone", rng.randrange(2**16)
        address = f"10.7.{place // 256}.{place % 256}" if is_phone else "127.0.0.1"
        seats[who] = Seat(Purpose.PHONE if is_phone else Purpose.SCREEN, address, at)
    seat = seats[who]
    token = seat.token(at)
    claims = {
        "rn": peek_jws(token)[1]["rn"],
        "token": token,
        "book": order["book"],
        "lines": [[ids[line["sku"]], line["qty"], line["unit_cents"]] for line in order["lines"]],
        "total": order["total_cents"],
        "tender": _TENDERS[order["payment"]],
        "at": at_s,
        "lang": "en",
    }
    envelope = seat.sign("order+jws", claims, jwk=seat.jwk, kid=thumbprint(seat.jwk))
    services.place(envelope=envelope, slip_shown=False, at=at)
    if who == "phone" and (not seat.tokens or rng.random() < _ANOTHER):
        del seats[who]
