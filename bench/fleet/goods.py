"""The shops of the bench, laid out by the same services in the cloud and in the generator: the ids are the same."""

from edgeshop.catalog.enums import StockPolicy
from edgeshop.catalog.services import (
    CategoryData,
    ProductData,
    draft_book,
    open_stock,
    publish,
    save_categories,
    save_products,
    set_prices,
)
from edgeshop.fleet.models import Shop

KIOSKS_PER_SHOP = 20
UNITS = 100_000  # of each product in each shop: nothing runs out
_PRODUCTS = 40
_UNTRACKED_EACH = 5  # every fifth is never counted; the rest is sold from the shelf


def lay_out(shops: int) -> None:
    """Shops 1 to `shops` with one range of goods; each has a price book, whose version is its own number."""
    shelf = save_categories([CategoryData("things", 1, {"en": "Things"})])["things"]
    ids = save_products(_product(n, shelf) for n in range(1, _PRODUCTS + 1))
    for number in range(1, shops + 1):
        Shop.objects.create(
            pk=number, name=f"Shop {number}", currency="EUR", languages=["en"], default_language="en",
            timezone="Europe/Berlin",
        )  # fmt: skip
        draft = draft_book(shop_id=number, rates={"standard": 1900, "reduced": 700})
        set_prices(draft_id=draft, prices={product_id: 95 + 10 * product_id for product_id in ids.values()})
        publish(draft)
        open_stock(shop_id=number, units=dict.fromkeys(ids.values(), UNITS))


def _product(n: int, shelf: int) -> ProductData:
    policy = StockPolicy.SHELF if n % _UNTRACKED_EACH else StockPolicy.UNTRACKED
    tax = "reduced" if n % 3 == 0 else "standard"
    return ProductData(f"thing-{n}", shelf, {"en": {"name": f"Thing {n}"}}, tax_class=tax, stock_policy=policy)


def shop_of(kiosk_id: int) -> int:
    """Where a kiosk stands."""
    return (kiosk_id - 1) // KIOSKS_PER_SHOP + 1
