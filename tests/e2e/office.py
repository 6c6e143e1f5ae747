"""What head office does during a test, through the cloud's own services."""

import json
from collections.abc import Mapping
from typing import Any

import requests

from edgeshop.qa.node import Node
from edgeshop.qa.seat import Seat
from edgeshop.qa.stack import Kiosk
from tests.e2e.screen import Item

PASSWORD = "candle-and-card"
_REPRICE = """
import json
from edgeshop.catalog.services import draft_book, publish, set_prices
from edgeshop.fleet.models import Shop
draft = draft_book(shop_id=Shop.objects.get().pk, note="test")
set_prices(draft_id=draft, prices={prices})
print(json.dumps({{"book": publish(draft)}}))
"""
_ADD = """
import json
from edgeshop.catalog.models import Category
from edgeshop.catalog.services import ProductData, draft_book, publish, receive_stock, save_products, set_prices
from edgeshop.fleet.models import Shop
shop = Shop.objects.get()
ids = save_products([ProductData(sku={sku!r}, category_id=Category.objects.order_by("position").first().pk,
    texts={{"en": {{"name": {name!r}, "description": "For a test."}}}}, stock_policy={policy!r})])
draft = draft_book(shop_id=shop.pk, note="test")
set_prices(draft_id=draft, prices={{ids[{sku!r}]: {price_minor}}})
publish(draft)
receive_stock(shop_id=shop.pk, product_id=ids[{sku!r}], qty={units})
print(json.dumps({{"id": ids[{sku!r}]}}))
"""
_WITHDRAW = """
import json
from edgeshop.catalog.services import set_sold
set_sold(product_ids=[{product_id}], is_active=False)
print(json.dumps({{}}))
"""
# What the cloud's beat does every five seconds anyway.
_BEATS = """
from edgeshop.catalog.tasks import share_out_stock
from edgeshop.journal.tasks import number_changes
share_out_stock()
number_changes()
print("""


def reprice(cloud: Node, prices: Mapping[int, int]) -> int:
    """Publish a price book that differs in these prices; answers its version."""
    return int(_run(cloud, _REPRICE.format(prices=dict(prices)))["book"])


def add_product(cloud: Node, name: str, *, price_minor: int, policy: str, units: int) -> Item:
    """A new product with a price and some units in stock. Its name must be one word nobody else uses."""
    code = _ADD.format(sku=f"TEST-{name}", name=name, policy=policy, price_minor=price_minor, units=units)
    return Item(int(_run(cloud, code)["id"]), name, price_minor)


def withdraw(cloud: Node, item: Item) -> None:
    """Take a product off the shelf."""
    _run(cloud, _WITHDRAW.format(product_id=item.id))


def on_shelf(kiosk: Kiosk, item: Item) -> str | None:
    """What the kiosk says about a product's availability; None while it is not on its shelf."""
    answer = requests.get(f"{kiosk.url}/api/products/{item.id}", timeout=20)
    return answer.json()["availability"] if answer.ok else None


def hear(kiosk: Kiosk) -> None:
    """Let the kiosk ask at once what is new, and not within half a minute: it has drawn numbers to tell of."""
    Seat(kiosk.url).draw()


def _run(cloud: Node, code: str) -> dict[str, Any]:
    printed = cloud.manage("shell", "--no-imports", "-c", code.replace("\nprint(", _BEATS))
    answer: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return answer
