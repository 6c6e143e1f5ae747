"""What sells at this kiosk: the order in which a browser that cannot hold everything is given things."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Count

from edgeshop.checkout.models import OrderLine
from edgeshop.recommend.services import Table

_WINDOW = timedelta(days=28)  # four of each weekday: long enough for a small shop, short enough to follow the season


def own_sales(kiosk_id: int, *, day: date) -> dict[int, int]:
    """In how many of this kiosk's orders each product was, in the 28 business days before `day`. One query.

    `day` itself does not count, so that the answer stays the same until the next one. Nor do orders that were undone.
    Orders count and not units: one buyer of a hundred cards is one buyer.
    """
    lines = OrderLine.objects.filter(
        order__kiosk=kiosk_id, order__business_day__gte=day - _WINDOW, order__business_day__lt=day, order__void=None
    )
    return dict(lines.order_by().values_list("product_id").annotate(n=Count("order", distinct=True)))


def best_first(product_ids: Sequence[int], *, sales: dict[int, int], table: Table | None) -> list[int]:
    """The products, given in shelf order: what sold here first, then the table's best sellers, then as they stand."""
    places = {product_id: place for place, product_id in enumerate(table.bestsellers())} if table else {}
    return sorted(product_ids, key=lambda p: (-sales.get(p, 0), places.get(p, len(places))))
