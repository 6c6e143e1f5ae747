"""Goods are written once, and every change is marked for the kiosks."""

from dataclasses import replace

import pytest

from edgeshop.catalog.models import Category, Product
from edgeshop.catalog.services import ProductData, save_categories, save_product, save_products, set_pictures
from edgeshop.catalog.services.goods import CategoryData, save_category, set_sold
from edgeshop.journal.models import Change

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def marks() -> list[str]:
    keys = list(Change.objects.filter(stream="catalogue").order_by("id").values_list("key", flat=True))
    Change.objects.all().delete()
    return keys


def wares() -> list[ProductData]:
    shelf = save_categories([CategoryData("tea", 1, {"en": "Tea"})])["tea"]
    return [ProductData(sku=sku, category_id=shelf, texts={"en": {"name": sku}}) for sku in ("A", "B")]


def test_saving_the_same_goods_again_changes_and_marks_nothing() -> None:
    goods = wares()
    first = save_products(goods)
    marked = marks()

    again = save_products(wares())

    assert again == first
    assert marked == [f"c{Category.objects.get().pk}", f"p{first['A']}", f"p{first['B']}"]
    assert marks() == []


def test_only_what_differs_is_written_and_marked() -> None:
    a, b = wares()
    ids = save_products([a, b])
    marks()

    save_products([replace(a, colour="#ff0000"), b])
    save_categories([CategoryData("tea", 2, {"en": "Teas"})])

    assert marks() == [f"p{ids['A']}", f"c{Category.objects.get().pk}"]
    assert list(Product.objects.order_by("id").values_list("id", "sku", "colour")) == [
        (ids["A"], "A", "#ff0000"),
        (ids["B"], "B", "#808080"),
    ]
    assert Category.objects.get().names == {"en": "Teas"}


def test_a_new_picture_raises_the_picture_version_and_the_same_one_does_not() -> None:
    ids = save_products(wares())
    marks()

    changed = [set_pictures({ids["A"]: "a" * 64}), set_pictures({ids["A"]: "a" * 64, ids["B"]: "b" * 64})]

    assert changed == [1, 1]
    assert marks() == [f"p{ids['A']}", f"p{ids['B']}"]
    assert list(Product.objects.order_by("id").values_list("image_version", flat=True)) == [1, 1]
    save_products(wares())
    assert Product.objects.filter(image_sha256="a" * 64).count() == 1


def test_an_edited_row_is_saved_and_marked() -> None:
    ids = save_products(wares())
    marks()
    product, category = Product.objects.get(sku="A"), Category.objects.get()
    product.barcode = "2001"
    category.position = 9

    save_product(product)
    save_category(category)

    assert marks() == [f"p{ids['A']}", f"c{category.pk}"]
    assert Product.objects.get(sku="A").barcode == "2001"


def test_withdrawing_marks_only_what_was_on_sale() -> None:
    ids = save_products(wares())
    set_sold(product_ids=[ids["A"]], is_active=False)
    marks()

    assert set_sold(product_ids=ids.values(), is_active=False) == 1
    assert marks() == [f"p{ids['B']}"]
