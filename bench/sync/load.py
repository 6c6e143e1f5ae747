"""The workload in a real cloud: its shop, its products, and what changes from day to day. Runs inside the cloud."""

from types import ModuleType
from typing import Any

from django.db import transaction

from bench.sync.generator import Rows, day
from edgeshop.catalog.models import Allotment, Product, StockLevel
from edgeshop.catalog.services import (
    CategoryData,
    ProductData,
    draft_book,
    publish,
    save_categories,
    save_products,
    set_prices,
)
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.fleet.services import new_code
from edgeshop.fleet.services.staff import save_shop
from edgeshop.journal.services import changes

SHOP, RATES = 1, {"standard": 1900}
_PLENTY = 10_000  # so that no order sells what the cloud would then have to grant


def open_shop(rows: Rows, kiosks: int = 1) -> list[str]:
    """A shop with these products and so many kiosks; answers their enrolment codes."""
    shop = Shop(pk=SHOP, name="Corner", currency="EUR", timezone="UTC", languages=["en"], default_language="en")
    save_shop(shop)
    names = sorted({row["category"] for row in rows})
    shelves = save_categories([CategoryData(name, place, {"en": name}) for place, name in enumerate(names)])
    save_products([_product(row, shelves) for row in rows])
    boxes = [Kiosk.objects.create(shop=shop, name=f"Till {n}", trust_level=1) for n in range(kiosks)]
    _price(rows, {})
    _stock(rows, [], [box.pk for box in boxes])
    return [new_code(box) for box in boxes]


def change(rows: Rows, before: Rows) -> None:
    """The products as they are now, where they were otherwise before."""
    shelves = save_categories([])
    new = [row for row, old in zip(rows, before, strict=True) if row != old]
    save_products([_product(row, shelves) for row in new])
    _price(rows, {old["sku"]: old["price_cents"] for old in before})
    _stock(rows, before, list(Kiosk.objects.values_list("pk", flat=True)))


def _product(row: dict[str, Any], shelves: dict[str, int]) -> ProductData:
    text = {"name": row["name"], "description": row["description"], "keywords": row["tags"]}
    return ProductData(
        sku=row["sku"], category_id=shelves[row["category"]], texts={"en": text}, changed_at=row["updated_at"]
    )


def _price(rows: Rows, before: dict[str, int]) -> None:
    ids = dict(Product.objects.values_list("sku", "pk"))
    new = {ids[row["sku"]]: row["price_cents"] for row in rows if before.get(row["sku"]) != row["price_cents"]}
    if new:
        draft = draft_book(shop_id=SHOP, rates=RATES)
        set_prices(draft_id=draft, prices=new)
        publish(draft)


@transaction.atomic
def _stock(rows: Rows, before: Rows, kiosks: list[int]) -> None:
    """What a kiosk may sell only rises: a change of stock, up or down, is so many units more."""
    ids = dict(Product.objects.values_list("sku", "pk"))
    old = {row["sku"]: row["stock"] for row in before}
    more = {ids[row["sku"]]: abs(row["stock"] - old.get(row["sku"], 0)) for row in rows}
    if not before:
        StockLevel.objects.bulk_create([StockLevel(shop_id=SHOP, product_id=pk, on_hand=10**6) for pk in more])
    for kiosk in kiosks:
        known = dict(Allotment.objects.filter(kiosk=kiosk).values_list("product", "granted"))
        moved = {pk: known.get(pk, _PLENTY) + qty for pk, qty in more.items() if qty or not before}
        Allotment.objects.bulk_create(
            [Allotment(kiosk_id=kiosk, epoch=1, product_id=pk, granted=granted) for pk, granted in moved.items()],
            update_conflicts=True,
            unique_fields=["kiosk", "epoch", "product"],
            update_fields=["granted"],
        )
        changes(f"stock/{kiosk}", *(f"1/{pk}" for pk in moved))


def change_to(generator: ModuleType, rows: Rows, number: int) -> Rows:
    """The same, and in this cloud as well."""
    new = day(generator, rows, number)
    change(new, rows)
    return new
