"""What the drill does to the merchant's books while it runs, through the cloud's own services."""

import json
from typing import Any

from edgeshop.qa.node import Node

_LAST_ONE = """
import json
from edgeshop.catalog.models import Category
from edgeshop.catalog.queries import current_book
from edgeshop.catalog.services import ProductData, draft_book, publish, receive_stock, save_products, set_prices
from edgeshop.catalog.tasks import share_out_stock
from edgeshop.fleet.models import Shop
shop = Shop.objects.get()
ids = save_products([ProductData(sku="DRILL-1", category_id=Category.objects.order_by("position").first().pk,
    texts={{"en": {{"name": "{name}", "description": "There is only one."}}}}, stock_policy="strict")])
draft = draft_book(shop_id=shop.pk, note="the last one")
set_prices(draft_id=draft, prices={{ids["DRILL-1"]: 4200}})
publish(draft)
receive_stock(shop_id=shop.pk, product_id=ids["DRILL-1"], qty=1)
share_out_stock()
print(json.dumps({{"product": ids["DRILL-1"]}}))
"""
_NEW_PRICE = """
import json
from edgeshop.catalog.queries import current_book, prices
from edgeshop.catalog.services import draft_book, publish, set_prices
from edgeshop.fleet.models import Shop
shop = Shop.objects.get()
now = prices(current_book(shop.pk), {products})
draft = draft_book(shop_id=shop.pk, note="dearer")
set_prices(draft_id=draft, prices={{p: unit + max(1, unit // 20) for p, unit in now.items()}})
print(json.dumps({{"book": publish(draft)}}))
"""
LAST_NAME = "Onyx sextant"


def _run(cloud: Node, code: str) -> dict[str, Any]:
    printed = cloud.manage("shell", "--no-imports", "-c", code)
    answer: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return answer


def add_last_one(cloud: Node) -> int:
    """A strict product of which the shop has exactly one, lent to one of its kiosks; answers its id."""
    return int(_run(cloud, _LAST_ONE.format(name=LAST_NAME))["product"])


def raise_prices(cloud: Node, product_ids: list[int]) -> int:
    """Publish a price book that makes these products a twentieth dearer; answers its version."""
    return int(_run(cloud, _NEW_PRICE.format(products=product_ids))["book"])
