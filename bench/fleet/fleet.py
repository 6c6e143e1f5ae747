"""The simulated fleet: kiosks with keys of their own, enrolled by the cloud, and the database that they share."""

import random
import time
from collections.abc import Sequence
from typing import Any

from bench.fleet.box import Box, Seen
from bench.fleet.cloud import Cloud
from bench.fleet.goods import lay_out, shop_of
from bench.fleet.http import Line
from bench.fleet.orders import Assortment
from bench.fleet.till import Till
from bench.fleet.words import Memory, first_memory
from edgeshop.catalog.models import Product
from edgeshop.catalog.services import Pricer
from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.models import Allocator, Seat
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.services.keys import DEVICE_KEY, subject_of
from edgeshop.kernel import clock
from edgeshop.kernel.ids import seat_id
from edgeshop.vault.services import MemoryKeystore, new_hot_key

Told = dict[str, Any]


class Fleet:
    """All kiosks so far, by id, and what they have met. Shops are laid out once, for as many as there will be."""

    def __init__(self, cloud: Cloud, *, shops: int, seed: int) -> None:
        self.boxes: dict[int, Box] = {}
        self.seen = Seen()
        self._cloud, self._shops, self._seed = cloud, shops, seed
        lay_out(shops)
        self._goods = {shop_id: _assortment(shop_id) for shop_id in range(1, shops + 1)}

    def grow(self, ids: Sequence[int]) -> list[Box]:
        """Enrol kiosks of these ids; answers them. Raises: ChildFailed."""
        stores = {kiosk_id: MemoryKeystore() for kiosk_id in ids}
        jwks = {kiosk_id: store.create(DEVICE_KEY) for kiosk_id, store in stores.items()}
        told = self._cloud.admit(jwks, shops=self._shops)
        _remember(told)
        fresh = [self._box(told[kiosk_id], store) for kiosk_id, store in stores.items()]
        self.boxes |= {box.till.kiosk_id: box for box in fresh}
        return fresh

    def _box(self, told: Told, store: MemoryKeystore) -> Box:
        kiosk_id = told["kiosk_id"]
        till = Till(
            kiosk_id=kiosk_id,
            epoch=told["epoch"],
            grant=told["welcome"]["grants"]["grant"],
            secret=_secret(told),
            goods=self._goods[shop_of(kiosk_id)],
            rng=random.Random(f"{self._seed}:{kiosk_id}"),
            now_s=int(time.time()),
        )
        hot = new_hot_key(subject=subject_of(kiosk_id), keystore=store, key=DEVICE_KEY)
        return Box(till, hot, told["cloud_jwks"], _memory(told, self._seed), Line(self._cloud.port), self.seen)


def _memory(told: Told, seed: int) -> Memory:
    return first_memory(told, random.Random(f"{seed}:moved:{told['kiosk_id']}"))


def _assortment(shop_id: int) -> Assortment:
    products = sorted(Product.objects.values_list("pk", flat=True))
    return Assortment(Shop.objects.get(pk=shop_id), shop_id, products, Pricer(shop_id, products))


def _secret(told: Told) -> bytes:
    return bytes.fromhex(told["welcome"]["grants"]["receipts"][1])


def _remember(told: dict[int, Told]) -> None:
    """What packing facts asks the database for: kiosks, what receipt keys come from, seats."""
    at, lives = clock.now(), [(kiosk_id, said["epoch"]) for kiosk_id, said in told.items()]
    Kiosk.objects.bulk_create(
        Kiosk(pk=n, shop_id=told[n]["shop_id"], name=told[n]["kiosk_name"], epoch=epoch) for n, epoch in lives
    )
    Allocator.objects.bulk_create(
        Allocator(kiosk_id=n, epoch=epoch, receipt_secret=_secret(told[n])) for n, epoch in lives
    )
    seats = [(seat_id(n, epoch, n), n, epoch) for n, epoch in lives]
    Seat.objects.bulk_create(
        Seat(pk=pk, epoch=epoch, serial=n, jkt=str(n), jwk={}, purpose=Purpose.SCREEN, address="", asked_at=at)
        for pk, n, epoch in seats
    )
