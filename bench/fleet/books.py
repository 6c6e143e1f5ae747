"""Counting: what the kiosks have sold against what the cloud's ledger and shelves hold."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bench.fleet.cloud import Cloud
from bench.fleet.goods import UNITS, shop_of
from bench.fleet.till import Sold

_ORDERS = """
SELECT o.kiosk_id, extract(epoch FROM o.placed_at)::bigint, o.number_id, o.total_minor, o.delivery,
       EXISTS (SELECT 1 FROM checkout_review r WHERE r.order_id = o.id)
FROM checkout_order o
"""
_GONE = f"""
SELECT s.shop_id, s.product_id, {UNITS} - s.on_hand
FROM catalog_stocklevel s JOIN catalog_product p ON p.id = s.product_id WHERE p.stock_policy <> 'untracked'
"""  # noqa: S608 -- a number of ours


@dataclass(frozen=True, slots=True)
class Counted:
    """What the ledger says of orders; `units_off` is by how many pieces the shelves differ from what was sold."""

    settled: int
    in_review: int
    lost: int
    changed: int
    duplicated: int
    units_off: int


def count(cloud: Cloud, sold: Iterable[Sold], *, kiosks: Collection[int]) -> Counted:
    """Compare what these kiosks have sold with the ledger's orders of theirs. All kiosks of their shops must be among
    them.

    An order is known by its kiosk and the second it was placed in: one that is there under two numbers is seen.
    """
    known = {(order.kiosk_id, order.placed_s): order for order in sold}
    found = [row for row in cloud.rows(_ORDERS) if row[0] in kiosks]
    times = Counter((kiosk_id, placed_s) for kiosk_id, placed_s, *_ in found)
    same = {(kiosk_id, placed_s): (number, total) for kiosk_id, placed_s, number, total, *_ in found}
    return Counted(
        settled=sum(delivery == "settled" for *_, delivery, _ in found),
        in_review=sum(is_odd for *_, is_odd in found),
        lost=sum(place not in times for place in known),
        changed=sum(same[place] != (known[place].number, known[place].total_minor) for place in known.keys() & same),
        duplicated=len(found) - len(known.keys() & same),
        units_off=_units_off(cloud, known.values(), {shop_of(kiosk_id) for kiosk_id in kiosks}),
    )


def _units_off(cloud: Cloud, sold: Iterable[Sold], shops: set[int]) -> int:
    gone = {(shop_id, product_id): qty for shop_id, product_id, qty in cloud.rows(_GONE) if shop_id in shops}
    left = Counter[tuple[int, int]]()
    for order in sold:
        for product_id, qty in order.basket:
            left[shop_of(order.kiosk_id), product_id] += qty
    return sum(abs(qty - left[place]) for place, qty in gone.items())
