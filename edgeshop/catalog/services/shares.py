"""Shares: units of a strict product that a kiosk lends to one seat, which may sell them while cut off."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.errors import StockShort
from edgeshop.catalog.models import Product, Share
from edgeshop.catalog.queries.stock import own_units
from edgeshop.fleet.queries import this_kiosk
from edgeshop.kernel.errors import InvalidInput


@transaction.atomic
def lend_share(*, seat_id: UUID, product_id: int, qty: int) -> Share:
    """Lend unlent units of a strict product to a seat; answers the seat's share of it.

    Raises: InvalidInput unless the product is strict; StockShort when fewer are unlent.
    """
    if qty < 1 or not Product.objects.filter(pk=product_id, stock_policy=StockPolicy.STRICT).exists():
        raise InvalidInput("Only units of strict products are lent.", product_id=product_id, qty=qty)
    free = own_units([product_id]).get(product_id, 0)
    if free < qty:
        raise StockShort("Fewer units are left to lend.", product_id=product_id, wanted=qty, available=max(free, 0))
    share, _ = Share.objects.get_or_create(seat_id=seat_id, epoch=this_kiosk().epoch, product_id=product_id)
    Share.objects.filter(pk=share.pk).update(granted=F("granted") + qty)
    share.refresh_from_db()
    return share


@transaction.atomic
def return_share(*, seat_id: UUID, product_id: int, qty: int | None = None) -> int:
    """Take back what a seat has not sold, all of it or `qty`; answers how many units. Safe to repeat without `qty`.

    The caller has the seat's signed word, or a person's who declares the seat lost. Raises: StockShort.
    """
    held = Share.objects.select_for_update().filter(seat_id=seat_id, epoch=this_kiosk().epoch, product_id=product_id)
    share = held.first()
    left = share.granted - share.taken if share else 0
    back = left if qty is None else qty
    if not 0 <= back <= left:
        raise StockShort("The seat holds fewer units.", product_id=product_id, wanted=back, available=left)
    held.update(taken=F("taken") + back)
    return back
