"""Stock on the cloud: what is free, what each kiosk may sell, and what sales and returns do to it.

Every verb keeps the sum: on hand = free + Σ (granted - taken) + committed. `stock_discrepancies` checks it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import Allotment, Product, StockLevel, StockReturn
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.services import issue_epoch
from edgeshop.journal.services import changes
from edgeshop.kernel import clock
from edgeshop.kernel.errors import InvalidInput


@transaction.atomic
def receive_stock(*, shop_id: int, product_id: int, qty: int) -> None:
    """Units come in, or a count finds them; a negative `qty` writes off. Effect: on hand and free move by `qty`."""
    _level(shop_id, product_id).update(on_hand=F("on_hand") + qty, free=F("free") + qty)


@transaction.atomic
def open_stock(*, shop_id: int, units: Mapping[int, int]) -> int:
    """First counts of products that a shop has never counted; answers how many. Known levels are left alone."""
    known = set(StockLevel.objects.filter(shop=shop_id).values_list("product_id", flat=True))
    rows = [
        StockLevel(shop_id=shop_id, product_id=product_id, on_hand=qty, free=qty)
        for product_id, qty in units.items()
        if product_id not in known
    ]
    StockLevel.objects.bulk_create(rows, batch_size=1_000)
    return len(rows)


def _level(shop_id: int, product_id: int) -> QuerySet[StockLevel]:
    StockLevel.objects.get_or_create(shop_id=shop_id, product_id=product_id)
    return StockLevel.objects.filter(shop=shop_id, product=product_id)


def _allotment(kiosk_id: int, epoch: int, product_id: int) -> Allotment:
    Allotment.objects.get_or_create(kiosk_id=kiosk_id, epoch=epoch, product_id=product_id)
    return Allotment.objects.select_for_update().get(kiosk=kiosk_id, epoch=epoch, product=product_id)


def _mark(row: Allotment) -> None:
    changes(f"stock/{row.kiosk_id}", f"{row.epoch}/{row.product_id}")


@transaction.atomic
def allot(kiosk_id: int, product_id: int, qty: int) -> int:
    """Let a kiosk sell `qty` more units without asking; answers all it was granted in its present epoch.

    Raises: InvalidInput unless qty > 0; StockShort when fewer are free.
    Effect: the units move from free to granted, and the grant is marked on the kiosk's stock stream.
    """
    if qty < 1:
        raise InvalidInput("At least one unit is allotted.", qty=qty)
    kiosk = Kiosk.objects.get(pk=kiosk_id)
    level = _level(kiosk.shop_id, product_id)
    if not level.filter(free__gte=qty).update(free=F("free") - qty):
        free = level.values_list("free", flat=True).get()
        raise StockShort("Fewer units are free.", product_id=product_id, wanted=qty, available=max(free, 0))
    row = _allotment(kiosk_id, kiosk.epoch, product_id)
    Allotment.objects.filter(pk=row.pk).update(granted=F("granted") + qty)
    _mark(row)
    return row.granted + qty


@transaction.atomic(savepoint=False)
def settle_sale(
    *, kiosk_id: int, epoch: int, lines: Iterable[tuple[int, int]], at: datetime, handed_over: bool = True
) -> list[int]:
    """Book the stock of one order of a kiosk; answers the strict products that were sold beyond its allotment.

    To be called once per order; the order's identity guards that. Goods from the shelf come from the kiosk's
    allotment where it has one, else from what is free. Goods not yet handed over stay here as committed.
    Effect: what an allotment lacks is granted from free at once, so that taken never exceeds granted; free may fall
    below zero, which is a discrepancy, never a refused sale.
    """
    wanted = Counter[int]()
    for product_id, qty in lines:
        wanted[product_id] += qty
    tracked = Product.objects.filter(pk__in=list(wanted)).exclude(stock_policy=StockPolicy.UNTRACKED)
    policies = dict(tracked.values_list("id", "stock_policy"))
    if not policies:
        return []
    shop_id = Kiosk.objects.values_list("shop_id", flat=True).get(pk=kiosk_id)
    held = Allotment.objects.filter(kiosk=kiosk_id, epoch=epoch, product__in=list(policies))
    allotted = set(held.values_list("product_id", flat=True))
    oversold: list[int] = []
    for product_id in sorted(policies):
        qty, is_strict = wanted[product_id], policies[product_id] == StockPolicy.STRICT
        lacking = _take(kiosk_id, epoch, product_id, qty) if is_strict or product_id in allotted else qty
        if lacking and is_strict:
            oversold.append(product_id)
        moves = {
            "free": F("free") - lacking,
            "on_hand": F("on_hand") - (qty if handed_over else 0),
            "committed": F("committed") + (0 if handed_over else qty),
            "sold_at": Greatest(Coalesce(F("sold_at"), at), at),
        }
        if not StockLevel.objects.filter(shop=shop_id, product=product_id).update(**moves):
            _level(shop_id, product_id).update(**moves)  # it was never counted here
    return oversold


def _take(kiosk_id: int, epoch: int, product_id: int, qty: int) -> int:
    """Take from an allotment, made larger where it lacks; answers how many units have to come from free."""
    row = _allotment(kiosk_id, epoch, product_id)
    lacking = max(0, qty - (row.granted - row.taken))
    Allotment.objects.filter(pk=row.pk).update(granted=F("granted") + lacking, taken=F("taken") + qty)
    if lacking:
        _mark(row)
    return lacking


@transaction.atomic
def hand_over(*, shop_id: int, lines: Iterable[tuple[int, int]]) -> None:
    """Committed goods leave the shop. Effect: on hand and committed fall by as much; untracked products have none."""
    for product_id, qty in sorted(lines):
        known = StockLevel.objects.filter(shop=shop_id, product=product_id)
        known.update(on_hand=F("on_hand") - qty, committed=F("committed") - qty)


@transaction.atomic
def settle_return(*, return_id: UUID, kiosk_id: int, epoch: int, lines: Iterable[tuple[int, int]]) -> None:
    """A kiosk has handed back units of its allotment; the same `return_id` again changes nothing.

    Effect: the units count as taken there and are free again.
    """
    back = sorted(lines)
    _, is_new = StockReturn.objects.get_or_create(
        pk=return_id, defaults={"kiosk_id": kiosk_id, "epoch": epoch, "lines": back, "booked_at": clock.now()}
    )
    if not is_new:
        return
    shop_id = Kiosk.objects.values_list("shop_id", flat=True).get(pk=kiosk_id)
    for product_id, qty in back:
        lacking = _take(kiosk_id, epoch, product_id, qty)
        _level(shop_id, product_id).update(free=F("free") + qty - lacking)


@transaction.atomic
def declare_lost(*, kiosk_id: int, epoch: int) -> int:
    """A person declares that a kiosk of an epoch is gone with what it held; answers how many units are free again.

    Only after this can a strict product be sold twice. Effect: the units count as taken and are free; a present epoch
    is over, so that a box which turns up after all begins anew, without them.
    """
    shop_id, present = Kiosk.objects.values_list("shop_id", "epoch").get(pk=kiosk_id)
    if epoch == present:
        issue_epoch(kiosk_id)
    held = Allotment.objects.select_for_update().filter(kiosk=kiosk_id, epoch=epoch, taken__lt=F("granted"))
    freed = 0
    for row in held.order_by("product"):
        left = row.granted - row.taken
        Allotment.objects.filter(pk=row.pk).update(taken=F("taken") + left)
        _level(shop_id, row.product_id).update(free=F("free") + left)
        freed += left
    return freed
