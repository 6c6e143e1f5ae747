"""Stock on a kiosk: taken from its allotment, in the transaction of the sale.

`taken` only rises and belongs to this kiosk; `granted` only rises and belongs to the cloud. SQLite's IMMEDIATE
transactions let one seller through at a time; row locks do the same on other databases.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import Allotment, Product, Share
from edgeshop.catalog.queries.stock import lent_units
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.journal.services import append
from edgeshop.kernel.ids import uuid7

RETURNED = "catalog.stock_returned.v1"


@dataclass(frozen=True, slots=True)
class _Holding:
    """What this kiosk may sell of one product: its own unlent units and what the asking seat holds."""

    allotment: Allotment | None
    share: Share | None
    lent: int
    is_known: bool

    @property
    def borrowed(self) -> int:
        return self.share.granted - self.share.taken if self.share else 0

    @property
    def unlent(self) -> int:
        if self.allotment is None or not self.is_known:
            return 0
        return max(0, self.allotment.granted - self.allotment.taken - self.lent)


@transaction.atomic
def take_stock(
    lines: Iterable[tuple[int, int]], *, seat_id: UUID | None = None, offline: bool = False, epoch: int | None = None
) -> list[int]:
    """Take (product, quantity) lines from this kiosk's stock; answers the products that were not there.

    A strict product comes from the seat's share first, then from the kiosk's unlent allotment. Goods from the shelf
    are in the shopper's hand, so they are counted where they were allotted and never refused. Goods that a new disk
    does not know yet are counted, too, for they may turn out to be strict. `epoch` is the order's, for a late one that
    was made before a restore; this kiosk's own by default.
    Raises: StockShort for a strict product, unless the sale was made `offline`: it has happened, so what is missing
    is taken all the same and named in the answer.
    """
    wanted = Counter[int]()
    for product_id, qty in lines:
        wanted[product_id] += qty
    kiosk = this_kiosk()
    epoch = kiosk.epoch if epoch is None else epoch
    policies = dict(Product.objects.filter(pk__in=list(wanted)).values_list("id", "stock_policy"))
    counted = sorted(p for p in wanted if policies.get(p) != StockPolicy.UNTRACKED)
    holdings = _holdings(kiosk, epoch, counted, seat_id)
    oversold: list[int] = []
    for product_id in counted:
        holding, qty = holdings[product_id], wanted[product_id]
        if policies.get(product_id) == StockPolicy.STRICT:
            oversold += _refuse_or_note(product_id, qty, holding, offline=offline)
        if policies.get(product_id) in {StockPolicy.STRICT, None}:
            _take_strict(kiosk.pk, epoch, product_id, qty, holding)
        elif holding.allotment is not None:
            Allotment.objects.filter(pk=holding.allotment.pk).update(taken=F("taken") + qty)
    return oversold


def _holdings(kiosk: Kiosk, epoch: int, product_ids: Sequence[int], seat_id: UUID | None) -> dict[int, _Holding]:
    locked = Allotment.objects.select_for_update().filter(kiosk=kiosk, epoch=epoch, product__in=product_ids)
    allotments = {a.product_id: a for a in locked.order_by("pk")}
    lent = lent_units(epoch, product_ids)
    shares: dict[int, Share] = {}
    if seat_id is not None:
        borrowed = Share.objects.select_for_update().filter(seat_id=seat_id, epoch=epoch, product__in=product_ids)
        shares = {s.product_id: s for s in borrowed.order_by("pk")}
    known = epoch != kiosk.epoch or not kiosk.is_epoch_stale  # a restored disk does not know what it has sold
    return {p: _Holding(allotments.get(p), shares.get(p), lent.get(p, 0), known) for p in product_ids}


def _refuse_or_note(product_id: int, qty: int, holding: _Holding, *, offline: bool) -> list[int]:
    available = holding.borrowed + holding.unlent
    if qty <= available:
        return []
    if not offline:
        raise StockShort(
            "Fewer units may be sold here than asked for.", product_id=product_id, wanted=qty, available=available
        )
    return [product_id]


def _take_strict(kiosk_id: int, epoch: int, product_id: int, qty: int, holding: _Holding) -> None:
    row = holding.allotment or Allotment.objects.create(kiosk_id=kiosk_id, epoch=epoch, product_id=product_id)
    Allotment.objects.filter(pk=row.pk).update(taken=F("taken") + qty)
    from_share = min(qty, holding.borrowed)
    if holding.share is not None and from_share:
        Share.objects.filter(pk=holding.share.pk).update(taken=F("taken") + from_share)


@transaction.atomic
def return_stock(*, product_id: int, qty: int) -> None:
    """Hand unlent units back to the cloud. Raises: StockShort when fewer are left; NotEnrolled, NoChain.

    Effect: the units count as taken here, and the fact `catalog.stock_returned.v1` frees them on the cloud.
    """
    kiosk = this_kiosk()
    holding = _holdings(kiosk, kiosk.epoch, [product_id], None)[product_id]
    if holding.allotment is None or not 0 < qty <= holding.unlent:
        raise StockShort(
            "Fewer units are left to hand back.", product_id=product_id, wanted=qty, available=holding.unlent
        )
    Allotment.objects.filter(pk=holding.allotment.pk).update(taken=F("taken") + qty)
    append(RETURNED, {"id": str(uuid7()), "epoch": kiosk.epoch, "lines": [[product_id, qty]]})
