"""Real sales in the place of the workload: a real shop's goods, the prices of its next day, and its last invoices.

Source: "Online Retail", UCI Machine Learning Repository, doi 10.24432/C5BW33, CC BY 4.0. The file tells no payments and
no stock: all is paid by card, and no stock moves but what is sold. Left out are invoices above `_ORDER_MAX_CENTS`, too
much to leave unpaid, and pauses of more than `_PAUSE_S`, so that a thousand orders fit into one day's tokens.
"""

import os
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from bench.sync.generator import Rows

if TYPE_CHECKING:
    from edgeshop.shop.retail.rows import Row

ORDERS = 1_000
_SPARE = 100  # invoices of new goods alone
_PAUSE_S = 40
_ORDER_MAX_CENTS = 500_000


class Sales:
    """The shop before the days of its last thousand invoices. Same interface as the workload's generator."""

    def __init__(self, file: Path, last: int = ORDERS + _SPARE) -> None:
        """Read it all; the `last` invoices are what is still to come. Effect: Django is set up. Raises: OSError."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edgeshop.settings.test")
        django.setup()
        from edgeshop.shop.retail.rows import numbered, opened  # noqa: PLC0415 -- wants Django to be set up

        with opened(file) as lines:
            self._sold = [(line, row) for _, line in numbered(lines) for row in _sale(line)]
        invoices = dict.fromkeys(row.invoice for _, row in self._sold)
        self._last = set(list(invoices)[-last:])
        first = min(row.at.date() for _, row in self._sold if row.invoice in self._last)
        self._days = sorted({row.at.date() for _, row in self._sold if row.at.date() >= first})

    def catalogue(self) -> Rows:
        """Goods by code, as the last sales before those days tell."""
        return self._goods(self._days[0])

    def change_1pct(self, rows: Rows, round_no: int) -> tuple[Rows, list[str]]:
        """The rows after so many of those days, and whose prices have changed; whatever share of them that is."""
        prices = {row["sku"]: row for row in self._goods(self._days[round_no])}
        now = [prices[row["sku"]] for row in rows]
        changed = [old["price_cents"] != new["price_cents"] for old, new in zip(rows, now, strict=True)]
        new = [
            old | {"price_cents": row["price_cents"], "updated_at": row["sold_at"]} if is_new else old
            for old, row, is_new in zip(rows, now, changed, strict=True)
        ]
        return new, [row["sku"] for row, is_new in zip(rows, changed, strict=True) if is_new]

    def orders(self, rows: Rows) -> list[dict[str, Any]]:
        """The last invoices at the prices of `rows`, without goods that are not among them."""
        prices = {row["sku"]: row["price_cents"] for row in rows}
        baskets: dict[str, dict[str, int]] = {}
        began: dict[str, float] = {}
        for _, row in self._sold:
            if row.invoice in self._last and row.code in prices:
                began.setdefault(row.invoice, row.at.timestamp())
                basket = baskets.setdefault(row.invoice, {})
                basket[row.code] = basket.get(row.code, 0) + row.quantity
        at = _without_pauses(sorted(began.values()))
        found = [_order(place, basket, prices) for place, basket in zip(at, baskets.values(), strict=True)]
        return [order for order in found if order["total_cents"] <= _ORDER_MAX_CENTS][-ORDERS:]

    def _goods(self, until: date) -> Rows:
        """Goods that were sold before a day, each at the latest normal price by then."""
        from edgeshop.shop.retail.goods import gather  # noqa: PLC0415 -- wants Django to be set up
        from edgeshop.shop.retail.report import Report  # noqa: PLC0415 -- the same
        from edgeshop.shop.retail.words import readable, shelf_of  # noqa: PLC0415 -- the same

        sold = [(line, row) for line, row in self._sold if row.at.date() < until]
        found = gather((line for line, _ in sold), Report(), limit=None, say=lambda _text: None).goods
        first = {row.code: int(row.at.timestamp()) for _, row in reversed(sold)}
        last = {row.code: int(row.at.timestamp()) for _, row in sold}
        return [
            {
                "sku": code,
                "name": readable(good.name),
                "description": "",
                "price_cents": _cents(good.price),
                "category": shelf_of(good.name).slug,
                "stock": 0,
                "tags": [],
                "updated_at": first[code],
                "sold_at": last[code],
            }
            for code, good in sorted(found.items())
            if good.name
        ]


def _sale(line: str) -> "list[Row]":
    """The sale that a line tells; none for a line that tells another thing or cannot be read."""
    from edgeshop.shop.retail.rows import Malformed, judge, parse  # noqa: PLC0415 -- wants Django to be set up

    try:
        row = parse(line)
        return [row] if judge(row) is None else []
    except Malformed:
        return []


def _cents(price: Decimal) -> int:
    return max(1, int((100 * price).quantize(Decimal(1), ROUND_HALF_UP)))


def _without_pauses(times: list[float]) -> list[float]:
    at, moved = [times[0]], times[0]
    for before, after in pairwise(times):
        moved += min(after - before, _PAUSE_S)
        at.append(moved)
    return at


def _order(at: float, basket: dict[str, int], prices: dict[str, int]) -> dict[str, Any]:
    lines = [{"sku": code, "qty": qty, "unit_cents": prices[code]} for code, qty in basket.items()]
    total = sum(qty * prices[code] for code, qty in basket.items())
    return {"created_at": at, "payment": "card", "lines": lines, "total_cents": total}
