"""Somebody who has a kiosk in hand, and somebody with devtools open: on the real services, with keys of their own."""

import random
from typing import Any

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.models import Allocator, Grant, Order
from edgeshop.checkout.services import envelope as orders
from edgeshop.checkout.services import (
    install_grant,
    open_request,
    place,
    renew_tokens,
    request_seat,
    sell_at_counter,
)
from edgeshop.checkout.services import seat_requests as requests
from edgeshop.checkout.services.room import room
from edgeshop.fleet.queries import this_kiosk
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.qa.two_nodes import PRICE_MINOR, THING, Node, World
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import MemoryKeystore, peek_jws, sign_jws, thumbprint

_SALES_MAX = 300  # of one drain: more than any level's number of orders
_HOUR_S = 3600.0
UNIT = 100  # minor units in a major one; the world's shop sells in euro


class Thief:
    """Somebody who has a kiosk in hand: sells on invoice, and never pays."""

    def __init__(self, world: World, level: int, rng: random.Random, *, naive: bool) -> None:
        """In a world that has just begun."""
        self.world, self.level, self.rng, self.naive = world, level, rng, naive
        self.gone = {"box": 0}
        self.stash: list[str] = []

    def contact(self, box: Node | None = None) -> None:
        """Meet the cloud, and keep every grant that ever came."""
        box = box or self.world.box
        known = len(self.stash)
        self.world.contact(box)
        with box():
            self.stash = list(Grant.objects.order_by("issued_at", "id").values_list("jws", flat=True))
            if self.naive and len(self.stash) > known:
                Allocator.objects.update(spent_minor=0, spent_count=0)

    def sell(self, amount_minor: int, box: Node | None = None) -> bool:
        """One sale on invoice; whether it went out of the door."""
        box, lines = box or self.world.box, [(THING, max(1, amount_minor // PRICE_MINOR))]
        with box():
            try:
                sell_at_counter(lines=lines, tender="invoice", staff="thief", at=clock.now())
            except EdgeShopError:
                return False
        self.gone[box.name] = self.gone.get(box.name, 0) + lines[0][1] * PRICE_MINOR
        return True

    def drain(self, box: Node | None = None) -> None:
        """Sell until nothing goes any more, mostly as much at once as is allowed, and then some more."""
        most = REAL[self.level].order_max * UNIT
        for _ in range(_SALES_MAX):
            left = self.left(box)
            amount = min(left, most) if self.rng.random() < 0.8 else self.rng.randrange(PRICE_MINOR, most + 1)
            if amount < PRICE_MINOR:
                break
            self.sell(amount, box)
        self.sell(self.rng.choice((PRICE_MINOR, most)), box)

    def left(self, box: Node | None = None) -> int:
        """What the box itself says may still go."""
        with (box or self.world.box)():
            kiosk = this_kiosk()
            found, _ = Allocator.objects.get_or_create(kiosk=kiosk, epoch=kiosk.epoch)
            left = room(kiosk=kiosk, allocator=found)
            return left.sum_minor if left.count else 0

    def nibble(self) -> None:
        """A few honest-looking sales."""
        for _ in range(self.rng.randint(0, 3)):
            self.sell(self.rng.randrange(PRICE_MINOR, REAL[self.level].order_max * UNIT // 2))

    def wait(self, hours_max: float) -> None:
        """Let some time pass."""
        self.world.time.move(self.rng.uniform(0.1, hours_max) * _HOUR_S)

    def install(self, *grants: str) -> None:
        """Try grants from anywhere."""
        with self.world.box():
            for jws in grants:
                try:
                    install_grant(jws)
                except EdgeShopError:
                    continue

    def seat(self, purpose: Purpose = Purpose.SCREEN) -> "Browser":
        """A browser with a seat and tokens."""
        with self.world.box():
            return Browser(purpose)

    def place(self, envelope: str, *, slip_shown: bool = False) -> bool:
        """Hand an order in; whether it went out of the door with nobody asked."""
        with self.world.box():
            known = set(Order.objects.values_list("number_id", flat=True))
            try:
                done = place(envelope=envelope, slip_shown=slip_shown, at=clock.now())
            except EdgeShopError:
                return False
            order = Order.objects.get(number=done.number)
            if done.number in known or not order.is_on_grant or order.reviews.exists():
                return False
        self.gone["box"] += order.total_minor
        return True


class Browser:
    """A shopper's browser with devtools open: it signs what it likes with its own key. Works on the present node."""

    def __init__(self, purpose: Purpose, address: str = "127.0.0.1") -> None:
        """Seated."""
        self.keys = MemoryKeystore()
        self.jwk = self.keys.create("seat")
        admitted = request_seat(jwk=self.jwk, purpose=purpose, address=address, at=clock.now())
        self.seat, self.seat_id, self.asked = admitted.jws, str(admitted.seat_id), 0

    def tokens(self, want: int = 10) -> list[str]:
        """Fresh tokens; it claims to hold none."""
        self.asked += 1
        asked = self.request(want)
        minted = renew_tokens(open_request(delegation=self.seat, request=asked, at=clock.now()), at=clock.now())
        return minted.tokens

    def request(self, want: int) -> str:
        """A signed request for tokens."""
        return self._sign(requests.TYP, {"jti": str(self.asked), "seat": self.seat_id, "want": want, "held": []})

    def order(self, token: str, amount_minor: int, *, tender: str = "invoice") -> str:
        """A signed order of this amount."""
        qty = max(1, amount_minor // PRICE_MINOR)
        body = {
            "rn": peek_jws(token)[1]["rn"], "token": token, "book": 1, "lines": [[THING, qty, PRICE_MINOR]],
            "total": qty * PRICE_MINOR, "tender": tender, "at": clock.timestamp(), "lang": "en",
        }  # fmt: skip
        return self._sign(orders.TYP, body, jwk=self.jwk, kid=thumbprint(self.jwk))

    def _sign(self, typ: str, claims: dict[str, Any], **headers: Any) -> str:
        return sign_jws(keystore=self.keys, key="seat", typ=typ, claims=claims, headers=headers or None)
