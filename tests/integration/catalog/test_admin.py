"""The shelves in the admin, as a manager uses them: every page opens, every button calls its service."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from edgeshop.catalog import media
from edgeshop.catalog.models import Allotment, Category, DraftPrice, PriceBook, Product, StockLevel
from edgeshop.catalog.queries import current_book, prices, rates, stock_discrepancies
from edgeshop.catalog.services import allot, draft_book, publish, receive_stock, set_prices
from edgeshop.fleet.models import Kiosk, Shop, Staff
from edgeshop.journal.models import Change

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PAGES = ["category", "product", "pricebook", "stocklevel", "allotment", "share"]


@pytest.fixture(autouse=True)
def bare_menu(settings: Any) -> None:
    """The menu and its badges belong to rooms above; these pages must stand without them."""
    settings.UNFOLD = {}


@pytest.fixture
def shop() -> Shop:
    return Shop.objects.create(name="Corner", currency="EUR", languages=["en"])


@pytest.fixture
def kiosk(shop: Shop) -> Kiosk:
    return Kiosk.objects.create(shop=shop, name="Till", epoch=1)


@pytest.fixture
def goods(shop: Shop) -> list[Product]:
    shelf = Category.objects.create(slug="tea", names={"en": "Tea"})
    names = ["Assam", "Brötchen", "Ceylon"]
    products = [
        Product.objects.create(sku=name[0], category=shelf, texts={"en": {"name": name}}, stock_policy="strict")
        for name in names
    ]
    draft = draft_book(shop_id=shop.pk, rates={"standard": 1900})
    set_prices(draft_id=draft, prices={p.pk: 100 for p in products})
    publish(draft)
    return products


@pytest.fixture
def mia(client: Client) -> Client:
    """A manager who is logged in."""
    client.force_login(Staff.objects.create_superuser("mia", password="long-enough-for-a-test"))
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:catalog_{name}", args=args)


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_every_list_opens_and_is_for_staff_only(client: Client, mia: Client, goods: list[Product], name: str) -> None:
    text(mia.get(page(f"{name}_changelist")))

    assert Client().get(page(f"{name}_changelist")).status_code == 302


@pytest.mark.parametrize(("asked", "found"), [("assam", ["A"]), ("Brötchen", ["B"]), ("Cey", ["C"])])
def test_products_are_found_by_name_and_article_code(
    mia: Client, goods: list[Product], asked: str, found: list[str]
) -> None:
    response = mia.get(page("product_changelist"), {"q": asked})

    assert [p.sku for p in response.context["cl"].queryset] == found


def test_an_edited_product_is_saved_with_its_picture_and_marked(mia: Client, goods: list[Product]) -> None:
    Change.objects.all().delete()
    picture = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    form = {
        "texts": '{"en": {"name": "Assam, strong"}}',
        "category": goods[0].category_id,
        "barcode": "2101",
        "tax_class": "standard",
        "stock_policy": "shelf",
        "colour": "#aa3311",
        "is_active": "on",
        "picture": SimpleUploadedFile("a.svg", picture),
    }

    response = mia.post(page("product_change", goods[0].pk), form)

    assert response.status_code == 302
    goods[0].refresh_from_db()
    assert (goods[0].name(), goods[0].stock_policy, goods[0].image_version) == ("Assam, strong", "shelf", 1)
    assert media.load(goods[0].image_sha256) == picture
    assert set(Change.objects.values_list("stream", "key")) == {("catalogue", f"p{goods[0].pk}")}


def test_a_picture_that_is_none_is_refused(mia: Client, goods: list[Product]) -> None:
    form = {"texts": "{}", "category": goods[0].category_id, "tax_class": "standard", "stock_policy": "shelf"}
    form |= {"colour": "#aa3311", "picture": SimpleUploadedFile("a.svg", b"MZ")}

    assert "must be SVG, PNG, JPEG or WebP" in text(mia.post(page("product_change", goods[0].pk), form))

    goods[0].refresh_from_db()
    assert goods[0].image_sha256 == ""


def test_products_are_withdrawn_by_action_and_never_deleted(mia: Client, goods: list[Product]) -> None:
    chosen = {"action": "withdraw", "_selected_action": [goods[0].pk, goods[1].pk]}

    mia.post(page("product_changelist"), chosen)

    assert list(Product.objects.order_by("id").values_list("is_active", flat=True)) == [False, False, True]
    assert mia.post(page("product_delete", goods[0].pk), {"post": "yes"}).status_code == 403


def test_a_draft_is_written_previewed_and_published_in_the_admin(mia: Client, shop: Shop, goods: list[Product]) -> None:
    mia.post(page("pricebook_add"), {"shop": shop.pk, "note": "spring", "rates": "{}"})
    draft = PriceBook.objects.get(state="draft")
    assert draft.rates == {"standard": 1900}
    form = {
        "note": "spring",
        "rates": '{"standard": 700}',
        "entries-TOTAL_FORMS": "1",
        "entries-INITIAL_FORMS": "0",
        "entries-MIN_NUM_FORMS": "0",
        "entries-MAX_NUM_FORMS": "1000",
        "entries-0-book": draft.pk,
        "entries-0-product": goods[1].pk,
        "entries-0-unit_minor": "80",
    }
    mia.post(page("pricebook_change", draft.pk), form | {"_continue": "1"})

    preview = text(mia.get(page("pricebook_change", draft.pk)))
    assert "<td>Brötchen</td><td>100</td><td>80</td><td>-20.0 %</td>" in preview
    assert current_book(shop.pk) == 1

    row = DraftPrice.objects.get()
    form |= {"entries-INITIAL_FORMS": "1", "entries-0-id": row.pk, "entries-0-unit_minor": "75"}
    mia.post(page("pricebook_change", draft.pk), form | {"catalog_pricebook_publish_now": "1"})

    assert current_book(shop.pk) == 2
    assert prices(2) == {goods[0].pk: 100, goods[1].pk: 75, goods[2].pk: 100}
    assert rates(2) == {"standard": 700}
    shown = text(mia.get(page("pricebook_change", draft.pk)))
    assert "<td>Brötchen</td><td>100</td><td>75</td>" in shown


def test_a_published_book_cannot_be_changed_in_the_admin(mia: Client, goods: list[Product]) -> None:
    book = PriceBook.objects.get()

    response = mia.post(page("pricebook_change", book.pk), {"note": "cheaper", "rates": "{}"})

    assert response.status_code == 403
    assert PriceBook.objects.get().note == ""


def test_publishing_by_action_says_what_is_wrong_and_goes_on(mia: Client, shop: Shop, goods: list[Product]) -> None:
    bad = draft_book(shop_id=shop.pk, rates={})
    good = draft_book(shop_id=shop.pk, rates={"standard": 500})

    chosen = {"action": "publish_chosen", "_selected_action": [bad, good]}
    answer = text(mia.post(page("pricebook_changelist"), chosen, follow=True))

    assert "Every tax class of what is sold needs a rate." in answer
    assert "Book 2 is published." in answer
    assert list(PriceBook.objects.order_by("id").values_list("state", flat=True)) == ["published", "draft", "published"]


def test_received_stock_is_booked(mia: Client, shop: Shop, goods: list[Product]) -> None:
    mia.post(page("stocklevel_add"), {"shop": shop.pk, "product": goods[0].pk, "received": "10"})
    level = StockLevel.objects.get()

    mia.post(page("stocklevel_change", level.pk), {"received": "-3"})

    level.refresh_from_db()
    assert (level.on_hand, level.free) == (7, 7)
    assert stock_discrepancies() == []


def test_stock_is_allotted_and_a_lost_kiosk_declared(
    mia: Client, shop: Shop, kiosk: Kiosk, goods: list[Product]
) -> None:
    receive_stock(shop_id=shop.pk, product_id=goods[0].pk, qty=5)
    mia.post(page("allotment_add"), {"kiosk": kiosk.pk, "product": goods[0].pk, "units": "3"})
    row = Allotment.objects.get()
    mia.post(page("allotment_change", row.pk), {"units": "1"})

    refused = text(mia.post(page("allotment_change", row.pk), {"units": "2"}))

    row.refresh_from_db()
    assert "Only 1 units are free in Corner." in refused
    assert (row.granted, row.taken, StockLevel.objects.get().free) == (4, 0, 1)

    mia.post(page("allotment_changelist"), {"action": "declare_lost", "_selected_action": [row.pk]})

    row.refresh_from_db()
    assert (row.granted, row.taken, StockLevel.objects.get().free) == (4, 4, 5)
    assert stock_discrepancies() == []


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["product", "stocklevel", "allotment", "pricebook"])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(
    mia: Client,
    shop: Shop,
    kiosk: Kiosk,
    goods: list[Product],
    django_assert_num_queries: Callable[..., Any],
    name: str,
    count: int,
) -> None:
    for product in goods[:count]:
        receive_stock(shop_id=shop.pk, product_id=product.pk, qty=5)
        allot(kiosk.pk, product.pk, 1)
        draft_book(shop_id=shop.pk)
    Product.objects.exclude(pk__in=[p.pk for p in goods[:count]]).update(is_active=False)
    text(mia.get(page(f"{name}_changelist")))  # content types are looked up once per process

    with django_assert_num_queries(6):
        text(mia.get(page(f"{name}_changelist")))


@pytest.mark.parametrize("name", PAGES)
def test_on_a_kiosk_the_shelves_can_only_be_looked_at(
    mia: Client, goods: list[Product], settings: Any, name: str
) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    text(mia.get(page(f"{name}_changelist")))

    assert mia.get(page(f"{name}_add")).status_code == 403
