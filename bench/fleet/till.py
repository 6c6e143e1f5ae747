"""What a simulated kiosk has sold, and its journal, packed as it travels.

Real: the orders (`bench.fleet.orders`), the facts and their hash chain, short forms and columns
(`journal.pack_facts`), the size of a batch. Left out: the browser with its token and signature, which stay on a kiosk,
and the rows of the kiosk's own database: all share one with shops, prices, kiosks, seats and grants.
"""

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bench.fleet.orders import Assortment, completed, sale_of, under
from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.services.grants import keep_grant
from edgeshop.checkout.services.orders import COMPLETED
from edgeshop.checkout.services.sale import Sale
from edgeshop.checkout.services.tokens import MINTED
from edgeshop.journal.registry import Writer
from edgeshop.journal.services import pack_facts
from edgeshop.kernel.facts import GENESIS, canonical, link
from edgeshop.kernel.ids import ReceiptNumber, seat_id
from edgeshop.settings.knobs import Sync
from edgeshop.sync.services.names import FACTS
from edgeshop.sync.services.wire import Batch
from edgeshop.vault.services import peek_jws

_DRAWN_AT_ONCE = 10  # numbers that a screen holds while it has lost its kiosk
_LIFE_S = 12 * 3600
_BEFORE_S = 9 * 3600  # how long ago a kiosk has begun to sell: 4,000 orders fit in
_EVERY_S = 8  # no two orders of a kiosk are placed in the same second, so each is known by that
_LIMIT_MINOR = 100_000
_BATCH_FACTS_MAX = Sync(cloud_url="", tick_s=0).batch_facts_max


@dataclass(frozen=True, slots=True)
class Sold:
    """One order as its kiosk knows it. Shapes: basket [n] of (product, quantity)."""

    kiosk_id: int
    placed_s: int
    number: str
    total_minor: int
    basket: list[tuple[int, int]]


@dataclass(slots=True)
class Till:
    """One kiosk's journal of its present epoch. `batches` wait for the cloud, each with the number of its last fact;
    `grant` is the latest, as signed.
    """

    kiosk_id: int
    epoch: int
    grant: str
    secret: bytes
    goods: Assortment
    rng: random.Random
    now_s: int
    seq: int = 0
    head: bytes = GENESIS
    acked: int = 0
    sold: list[Sold] = field(default_factory=list)
    batches: deque[tuple[int, Batch]] = field(default_factory=deque)
    _drawn: int = 0
    _spent: int = 0
    _facts: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def grant_id(self) -> str:
        """What the latest grant is called."""
        return str(peek_jws(self.grant)[1]["jti"])

    @property
    def seat(self) -> str:
        """The kiosk's one screen."""
        return str(seat_id(self.kiosk_id, self.epoch, self.kiosk_id))

    def sell(self, count: int) -> None:
        """Sell `count` orders, and pack what is to be told of them."""
        for _ in range(count):
            self._tell(self._sale())
        self._pack()

    def sell_twice(self) -> None:
        """The control: one order that is told under two numbers."""
        sale = self._sale()
        self._tell(sale)
        self._write(COMPLETED, completed(under(sale, self._number(), self.secret), self.epoch))
        self._pack()

    def withhold(self) -> None:
        """The control: what waits never leaves, and is sold all the same."""
        self.batches.clear()

    def acknowledge(self, seq: int) -> None:
        """The cloud has everything up to there."""
        self.acked = max(self.acked, seq)
        while self.batches and self.batches[0][0] <= self.acked:
            self.batches.popleft()

    def _sale(self) -> Sale:
        at_s = self.now_s - _BEFORE_S + _EVERY_S * len(self.sold)
        return sale_of(self.goods, self._number(at_s), self.seat, self.secret, at_s, self.rng)

    def _number(self, at_s: int = 0) -> ReceiptNumber:
        if self._spent == self._drawn:
            self._draw(at_s)
        self._spent += 1
        return ReceiptNumber(self.goods.shop.pk, self.kiosk_id, self.epoch, self._spent)

    def _draw(self, at_s: int) -> None:
        numbers = [[self._drawn + n, _LIMIT_MINOR, at_s + _LIFE_S] for n in range(1, _DRAWN_AT_ONCE + 1)]
        told = {"shop": self.goods.shop.pk, "epoch": self.epoch, "seat": self.seat, "purpose": Purpose.SCREEN}
        self._write(MINTED, told | {"grant": self.grant_id, "at": at_s, "numbers": numbers})
        self._drawn += _DRAWN_AT_ONCE

    def _tell(self, sale: Sale) -> None:
        placed_s = int(sale.placed_at.timestamp())
        self.sold.append(Sold(self.kiosk_id, placed_s, sale.number, sale.total_minor, sale.basket))
        self._write(COMPLETED, completed(sale, self.epoch))

    def _write(self, kind: str, said: dict[str, Any]) -> None:
        self._facts.append((kind, canonical(said | {"kind": kind})))

    def _pack(self) -> None:
        keep_grant(self.grant, peek_jws(self.grant)[1], self.kiosk_id)
        writer = Writer(self.kiosk_id, self.epoch)
        for start in range(0, len(self._facts), _BATCH_FACTS_MAX):
            facts, first = self._facts[start : start + _BATCH_FACTS_MAX], self.seq + 1
            for _, body in facts:
                self.head = link(self.head, body)
            self.seq += len(facts)
            packed = pack_facts(facts, writer=writer, names=FACTS)
            self.batches.append((self.seq, Batch(self.epoch, first, self.head, packed)))
        self._facts.clear()
