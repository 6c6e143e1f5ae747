"""Price books: drafts, previews, publication, and that what is published stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from edgeshop.catalog.errors import BookPublished, BookWaiting, NoPriceBook, RateMissing
from edgeshop.catalog.models import DraftPrice, Price, PriceBook, Product
from edgeshop.catalog.queries import current_book, prices, rates, sellable_products
from edgeshop.catalog.services import PreviewRow, draft_book, preview, publish, set_prices, set_rates
from edgeshop.fleet.models import Shop
from edgeshop.journal.models import Change
from edgeshop.kernel import clock, events
from edgeshop.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
Publish = Callable[..., int]


def test_publish_numbers_the_book_and_marks_the_change(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    a, b = goods(2)

    first = sell_at([100, 250], [a, b])
    second = sell_at([120], [a])

    assert (first, second, current_book(shop.pk)) == (1, 2, 2)
    assert list(Change.objects.filter(stream="prices").order_by("id").values_list("key", flat=True)) == ["1", "2"]
    assert prices(first) == {a.pk: 100, b.pk: 250}
    assert prices(second) == {a.pk: 120, b.pk: 250}
    assert prices(second, [b.pk]) == {b.pk: 250}
    assert rates(second) == {"standard": 1900, "reduced": 700}


def test_a_book_that_changes_one_price_adds_one_row(goods: Goods, sell_at: Publish) -> None:
    things = goods(3)
    sell_at([100, 200, 300], things)

    sell_at([101, 200, 300], things)

    rows = Price.objects.order_by("product", "from_version")
    assert list(rows.values_list("product", "from_version", "to_version", "unit_minor")) == [
        (things[0].pk, 1, 2, 100),
        (things[0].pk, 2, None, 101),
        (things[1].pk, 1, None, 200),
        (things[2].pk, 1, None, 300),
    ]


def test_a_price_of_none_ends_the_sale_of_a_product(goods: Goods, sell_at: Publish) -> None:
    a, b = goods(2)
    sell_at([100, 250], [a, b])

    book = sell_at([None], [b])

    assert [p.pk for p in sellable_products(book)] == [a.pk]
    assert [p.pk for p in sellable_products(1)] == [a.pk, b.pk]


def test_books_of_two_shops_do_not_mix(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    other = Shop.objects.create(name="Harbour", currency="JPY", exponent=0)
    (thing,) = goods(1)
    here, there = sell_at([100], [thing]), sell_at([90], [thing], shop_id=other.pk)

    again = sell_at([110], [thing])

    assert (here, there, again) == (1, 2, 3)
    assert prices(there) == {thing.pk: 90}
    assert (current_book(shop.pk), current_book(other.pk)) == (3, 2)


def test_preview_shows_what_changes_and_writes_nothing(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    a, b, c, d = goods(4)
    sell_at([100, 200, 300], [a, b, c])
    draft = draft_book(shop_id=shop.pk)
    set_prices(draft_id=draft, prices={a.pk: 100, b.pk: 190, c.pk: None, d.pk: 50})

    rows = preview(draft)

    assert rows == [PreviewRow(b.pk, 200, 190), PreviewRow(c.pk, 300, None), PreviewRow(d.pk, None, 50)]
    assert current_book(shop.pk) == 1
    assert Price.objects.count() == 3


def test_publishing_twice_answers_the_first_version(shop: Shop, goods: Goods) -> None:
    (thing,) = goods(1)
    draft = draft_book(shop_id=shop.pk, rates={"standard": 1900})
    set_prices(draft_id=draft, prices={thing.pk: 100})

    assert (publish(draft), publish(draft)) == (1, 1)
    assert Change.objects.filter(stream="prices").count() == 1
    assert preview(draft) == []


def test_a_published_book_takes_no_more_prices_or_rates(shop: Shop, goods: Goods) -> None:
    (thing,) = goods(1)
    draft = draft_book(shop_id=shop.pk, rates={"standard": 1900})
    publish(draft)

    with pytest.raises(BookPublished):
        set_prices(draft_id=draft, prices={thing.pk: 1})
    with pytest.raises(BookPublished):
        set_rates(draft_id=draft, rates={})
    assert not DraftPrice.objects.exists()
    assert rates(1) == {"standard": 1900}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_pricebook SET note = 'cheaper'",
        "UPDATE catalog_pricebook SET rates = '{}'",
        "UPDATE catalog_price SET unit_minor = 1",
        "UPDATE catalog_price SET from_version = 3",
        "UPDATE catalog_price SET to_version = 2",
        "UPDATE catalog_price SET to_version = NULL WHERE to_version = 2",
        "UPDATE catalog_price SET product_id = product_id + 1",
        "INSERT INTO catalog_price (shop_id, product_id, from_version, to_version, unit_minor)"
        " SELECT shop_id, product_id + 100, 2, NULL, 1 FROM catalog_price",
    ],
)
def test_the_database_refuses_to_change_what_is_published(goods: Goods, sell_at: Publish, sql: str) -> None:
    things = goods(2)
    sell_at([100, 200], things)
    sell_at([101], things[:1])
    before = (list(Price.objects.order_by("id").values()), list(PriceBook.objects.order_by("id").values()))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert (list(Price.objects.order_by("id").values()), list(PriceBook.objects.order_by("id").values())) == before


def test_the_triggers_are_there_after_all_migrations(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'catalog_%' ORDER BY name")
        names = [name for (name,) in cursor.fetchall()]

    assert names == ["catalog_book_stays", "catalog_price_is_new", "catalog_price_stays"]


def test_a_book_for_a_date_counts_from_that_date(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    (thing,) = goods(1)
    sell_at([100], [thing])
    tomorrow = clock.now() + timedelta(days=1)

    sell_at([90], [thing], valid_from=tomorrow)

    assert current_book(shop.pk) == 1
    assert current_book(shop.pk, at=tomorrow) == 2
    assert (prices(1), prices(2)) == ({thing.pk: 100}, {thing.pk: 90})


def test_a_book_cannot_overtake_one_that_waits_for_its_date(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    (thing,) = goods(1)
    sell_at([100], [thing])
    sell_at([90], [thing], valid_from=clock.now() + timedelta(days=1))

    with pytest.raises(BookWaiting) as refusal:
        sell_at([80], [thing])

    assert refusal.value.fields["book"] == 2
    assert current_book(shop.pk) == 1
    assert prices(2) == {thing.pk: 90}


def test_publish_refuses_a_tax_class_without_a_rate(shop: Shop, goods: Goods) -> None:
    (thing,) = goods(1, tax_class="luxury")
    draft = draft_book(shop_id=shop.pk, rates={"standard": 1900})
    set_prices(draft_id=draft, prices={thing.pk: 100})

    with pytest.raises(RateMissing) as refusal:
        publish(draft)

    assert refusal.value.fields == {"tax_classes": ["luxury"]}
    assert not Price.objects.exists()
    assert PriceBook.objects.get().state == "draft"


@pytest.mark.parametrize("rate", [-1, 100_001, 19.0, True, "19"])
def test_a_draft_refuses_odd_rates(shop: Shop, rate: Any) -> None:
    with pytest.raises(InvalidInput):
        draft_book(shop_id=shop.pk, rates={"standard": rate})
    assert not PriceBook.objects.exists()


def test_unknown_books_and_drafts_are_named(shop: Shop) -> None:
    with pytest.raises(NoPriceBook):
        current_book(shop.pk)
    with pytest.raises(NoPriceBook):
        rates(7)
    with pytest.raises(NotFound):
        publish(7)


def test_open_screens_are_nudged_after_commit(
    shop: Shop, goods: Goods, sell_at: Publish, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(events, "_publisher", lambda kind, payload: heard.append((kind, payload)))

    with django_capture_on_commit_callbacks(execute=True):
        sell_at([100], goods(1))

    assert heard == [("prices.changed", {"shop_id": shop.pk, "book": 1})]
