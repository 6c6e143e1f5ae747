"""The demo shop's shelves: complete, distinct and speakable in three languages."""

from collections import Counter

import pytest

from edgeshop.shop.demoshop.barcode import ean13_check_digit, in_store_ean13
from edgeshop.shop.demoshop.catalogue import demo_categories, demo_products

pytestmark = pytest.mark.unit

LANGUAGES = ["en", "de", "ar"]


def test_twelve_categories_are_named_in_every_language():
    categories = demo_categories()

    assert [category.id for category in categories] == list(range(1, 13))
    assert len({category.slug for category in categories}) == 12
    for category in categories:
        assert list(category.names) == LANGUAGES
        assert all(category.names.values())


def test_every_shelf_holds_at_least_twenty_products():
    held = Counter(product.category_id for product in demo_products())

    assert sorted(held) == [category.id for category in demo_categories()]
    assert min(held.values()) >= 20
    assert held.total() >= 240


def test_ids_skus_and_barcodes_are_unique():
    products = demo_products()

    assert len({product.id for product in products}) == len(products)
    assert len({product.sku for product in products}) == len(products)
    assert len({product.barcode for product in products}) == len(products)


@pytest.mark.parametrize(("digits", "check"), [("400638133393", "1"), ("501234567890", "0"), ("210000000101", "9")])
def test_check_digit_agrees_with_published_barcodes(digits, check):
    assert ean13_check_digit(digits) == check


def test_barcodes_are_ean13_in_the_in_store_range():
    for product in demo_products():
        assert len(product.barcode) == 13
        assert product.barcode.isdigit()
        assert product.barcode.startswith("2")
        assert ean13_check_digit(product.barcode[:12]) == product.barcode[12]
    assert in_store_ean13(101) == "2100000001019"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_products_share_a_name(language):
    names = Counter(product.texts[language]["name"] for product in demo_products())

    assert [name for name, times in names.items() if times > 1] == []


def test_every_language_has_a_name_and_one_to_three_sentences():
    for product in demo_products():
        assert list(product.texts) == LANGUAGES
        for text in product.texts.values():
            assert text["name"] == text["name"].strip() != ""
            assert text["description"].endswith(".")
            assert 20 < len(text["description"]) < 300


def test_arabic_is_written_in_arabic():
    for product in demo_products():
        arabic = [letter for letter in product.texts["ar"]["name"] if letter.isalpha()]
        assert all("\u0600" <= letter <= "\u06ff" for letter in arabic), product.texts["ar"]["name"]


def test_german_adjectives_agree_with_their_noun():
    names = {product.id: product.texts["de"]["name"] for product in demo_products()}

    assert names[101] == "Taubenblauer Becher mit Schwalben"
    assert names[115] == "Salbeigrüne Espressotasse mit Orangen"
    assert names[206] == "Salbeigrünes Korkenglas mit Farnen"
    assert names[1001] == "Olivenbäumchen im terrakottafarbenen Topf"


def test_arabic_adjectives_agree_with_their_noun():
    names = {product.id: product.texts["ar"]["name"] for product in demo_products()}

    assert names[101] == "كوب سماوي بنقشة السنونو"
    assert names[501] == "حقيبة قماشية كريمية بنقشة الليمون"
    assert names[418] == "طقم شمعتين رفيعتين باللون الخردلي"


def test_prices_are_plausible_and_varied():
    prices = [product.unit_minor for product in demo_products()]

    assert min(prices) >= 100
    assert max(prices) <= 15000
    assert len(set(prices)) > 60
    assert all(price % 10 == 0 for price in prices)


def test_stock_policies_are_mixed_and_stock_fits_them():
    products = demo_products()
    policies = Counter(product.stock_policy for product in products)

    assert policies["shelf"] > len(products) * 0.6
    assert 0.07 < policies["strict"] / len(products) < 0.13
    assert policies["backorder"] >= 8
    assert policies["untracked"] >= 20
    assert {product.tax_class for product in products} == {"standard", "reduced"}
    for product in products:
        if product.stock_policy == "strict":
            assert 1 <= product.stock <= 8
        if product.stock_policy == "untracked":
            assert product.stock == 0


def test_catalogue_is_the_same_every_time_and_safe_to_change():
    first = demo_products()
    first.pop()

    assert len(demo_products()) == len(first) + 1
    assert demo_products()[:-1] == first
