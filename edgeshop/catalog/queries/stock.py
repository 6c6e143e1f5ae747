"""How much may be sold here, and whether the books of stock add up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q, Sum

from edgeshop.catalog.enums import Availability, StockPolicy
from edgeshop.catalog.models import Allotment, Share, StockLevel
from edgeshop.fleet.queries import this_kiosk

_IDS_MAX = 5_000  # longer lists of ids are not sent to the database: SQLite takes 32,766 parameters at most
_FEW = 5  # from here on a shopper is told to hurry; large enough that two shoppers rarely meet over the last one


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A product whose stock does not add up (`unbalanced`), or was sold below zero (`negative`)."""

    shop_id: int
    product_id: int
    kind: str
    on_hand: int
    accounted: int


def _of(product_ids: Sequence[int]) -> Q:
    return Q(product__in=product_ids) if len(product_ids) <= _IDS_MAX else Q()


def lent_units(epoch: int, product_ids: Sequence[int]) -> dict[int, int]:
    """How many units of each product are out on seats' shares of an epoch, neither sold nor handed back."""
    out = Share.objects.filter(_of(product_ids), epoch=epoch, taken__lt=F("granted"))
    return dict(out.values_list("product_id").annotate(n=Sum(F("granted") - F("taken"))).order_by())


def available_units(shop_id: int, product_ids: Iterable[int]) -> dict[int, int]:
    """Units that may be sold without asking: free ones on the cloud, this kiosk's own and unlent ones on a kiosk.

    What was never counted here is left out. Three queries at most, however many products.
    """
    ids = list(product_ids)
    if settings.EDGESHOP.is_ledger:
        return dict(StockLevel.objects.filter(_of(ids), shop=shop_id).values_list("product_id", "free"))
    return own_units(ids)


def own_units(product_ids: Sequence[int]) -> dict[int, int]:
    """Units of its allotment that this kiosk may still sell or lend. What was never allotted is left out."""
    kiosk = this_kiosk()
    if kiosk.is_epoch_stale:  # a restored disk does not know what it has sold
        return {}
    lent = lent_units(kiosk.epoch, product_ids)
    own = Allotment.objects.filter(_of(product_ids), kiosk=kiosk, epoch=kiosk.epoch, granted__gt=0)
    return {a.product_id: a.granted - a.taken - lent.get(a.product_id, 0) for a in own}


def availability(shop_id: int, policies: Mapping[int, str]) -> dict[int, Availability]:
    """What to tell shoppers about each product; `policies` gives each product's stock policy."""
    units = available_units(shop_id, policies)
    return {product_id: _said(policy, units.get(product_id)) for product_id, policy in policies.items()}


def _said(policy: str, units: int | None) -> Availability:
    if policy in {StockPolicy.UNTRACKED, StockPolicy.BACKORDER}:
        return Availability.IN_STOCK
    if units is None:
        return Availability.ASK_STAFF if policy == StockPolicy.STRICT else Availability.IN_STOCK
    if units <= 0:
        return Availability.ASK_STAFF
    return Availability.FEW_LEFT if units <= _FEW else Availability.IN_STOCK


def stock_discrepancies() -> list[Discrepancy]:
    """Where on hand differs from free + Σ (granted - taken) + committed, or is below zero. On the cloud."""
    held = Allotment.objects.values_list("kiosk__shop_id", "product_id").annotate(n=Sum(F("granted") - F("taken")))
    accounted: dict[tuple[int, int], int] = {(shop, product): n for shop, product, n in held.order_by()}
    found: list[Discrepancy] = []
    for level in StockLevel.objects.order_by("shop", "product"):
        outside = accounted.pop((level.shop_id, level.product_id), 0)
        found += _judged(level.shop_id, level.product_id, level.on_hand, level.free + outside + level.committed)
    for (shop_id, product_id), outside in sorted(accounted.items()):
        found += _judged(shop_id, product_id, 0, outside)
    return found


def _judged(shop_id: int, product_id: int, on_hand: int, accounted: int) -> list[Discrepancy]:
    kinds = ["unbalanced"] * (on_hand != accounted) + ["negative"] * (on_hand < 0)
    return [Discrepancy(shop_id, product_id, kind, on_hand, accounted) for kind in kinds]
