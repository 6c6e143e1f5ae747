"""Strict stock finds its way to the kiosks, and never more of it than there is."""

import pytest

from edgeshop.catalog.models import Allotment, Product, StockLevel
from edgeshop.catalog.queries import stock_discrepancies
from edgeshop.catalog.services import receive_stock
from edgeshop.catalog.services.goods import CategoryData, ProductData, save_categories, save_products
from edgeshop.catalog.services.sharing_out import share_out
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.kernel import clock

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def shop() -> Shop:
    return Shop.objects.create(name="Corner", currency="EUR")


def _kiosk(shop: Shop, name: str, **changed) -> Kiosk:
    return Kiosk.objects.create(shop=shop, name=name, epoch=1, **({"enrolled_at": clock.now()} | changed))


def _product(shop: Shop, units: int, policy: str = "strict") -> Product:
    shelf = save_categories([CategoryData("prints", 1, {"en": "Prints"})])["prints"]
    ids = save_products(
        [ProductData(sku="P1", category_id=shelf, texts={"en": {"name": "Print"}}, stock_policy=policy)]
    )
    receive_stock(shop_id=shop.pk, product_id=ids["P1"], qty=units)
    return Product.objects.get()


def _granted() -> list[int]:
    return list(Allotment.objects.order_by("kiosk").values_list("granted", flat=True))


def test_free_units_are_shared_evenly_and_all_of_them(shop):
    _product(shop, 7)
    for name in "abc":
        _kiosk(shop, name)

    assert share_out() == 7
    assert (_granted(), StockLevel.objects.get().free, stock_discrepancies()) == ([3, 2, 2], 0, [])


def test_the_last_unit_goes_to_one_kiosk_only(shop):
    _product(shop, 1)
    _kiosk(shop, "a")
    _kiosk(shop, "b")

    assert [share_out(), share_out()] == [1, 0]
    assert _granted() == [1]


def test_only_dry_kiosks_get_more(shop):
    _product(shop, 2)
    dry, full = _kiosk(shop, "a"), _kiosk(shop, "b")
    share_out()
    Allotment.objects.filter(kiosk=dry).update(taken=1)
    receive_stock(shop_id=shop.pk, product_id=Product.objects.get().pk, qty=3)

    assert share_out() == 3
    assert dict(Allotment.objects.values_list("kiosk", "granted")) == {dry.pk: 4, full.pk: 1}


@pytest.mark.parametrize("policy", ["shelf", "backorder", "untracked"])
def test_other_products_and_boxes_that_are_no_kiosks_get_nothing(shop, policy):
    _product(shop, 5, policy)
    _kiosk(shop, "a")
    _kiosk(shop, "not enrolled", enrolled_at=None)

    assert (share_out(), Allotment.objects.count()) == (0, 0)
