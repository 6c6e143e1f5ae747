"""A basket priced in one book, and its stock with it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from edgeshop.catalog.errors import NoPriceBook, NotPriced, StockShort
from edgeshop.catalog.models import Allotment, Product
from edgeshop.catalog.services import QuotedLine, quote, quote_and_take
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.kernel.errors import InvalidInput
from edgeshop.kernel.money import Totals

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
Publish = Callable[..., int]


def test_quote_prices_lines_in_the_order_asked(goods: Goods, sell_at: Publish) -> None:
    a = goods(1)[0]
    b = goods(1, tax_class="reduced", texts={"en": {"name": "Bread"}, "de": {"name": "Brot"}})[0]
    book = sell_at([1190, 107], [a, b])

    priced = quote(book, [(b.pk, 2), (a.pk, 1)], lang="de")

    assert priced.lines == [
        QuotedLine(b.pk, 2, 107, 700, "Brot", is_withdrawn=False),
        QuotedLine(a.pk, 1, 1190, 1900, "Thing 1", is_withdrawn=False),
    ]
    assert priced.totals == Totals([214, 1190], [0, 0], 1200, {700: 14, 1900: 190}, 204, 1404)
    assert (priced.book, priced.currency) == (book, "EUR")


def test_quote_adds_tax_in_a_shop_with_net_prices(shop: Shop, goods: Goods, sell_at: Publish) -> None:
    Shop.objects.filter(pk=shop.pk).update(inclusive=False)
    book = sell_at([1000], goods(1))

    priced = quote(book, [(Product.objects.get().pk, 3)])

    assert (priced.totals.net_minor, priced.totals.tax_minor, priced.totals.total_minor) == (3000, 570, 3570)


def test_an_old_book_still_gives_its_old_price(goods: Goods, sell_at: Publish) -> None:
    (thing,) = goods(1)
    old = sell_at([100], [thing])
    new = sell_at([150], [thing])

    assert [quote(book, [(thing.pk, 1)]).totals.total_minor for book in (old, new)] == [100, 150]


def test_a_withdrawn_product_is_quoted_and_marked(goods: Goods, sell_at: Publish) -> None:
    (thing,) = goods(1)
    book = sell_at([100], [thing])
    Product.objects.update(is_active=False)

    assert quote(book, [(thing.pk, 1)]).lines[0].is_withdrawn is True


def test_quote_refuses_what_the_book_does_not_sell(goods: Goods, sell_at: Publish) -> None:
    a, b = goods(2)
    book = sell_at([100], [a])

    with pytest.raises(NotPriced) as refusal:
        quote(book, [(a.pk, 1), (b.pk, 1)])
    with pytest.raises(NoPriceBook):
        quote(book + 1, [(a.pk, 1)])
    assert refusal.value.fields == {"product_id": b.pk, "book": book}


@pytest.mark.parametrize("qty", [0, -1, 100_001])
def test_quote_refuses_odd_quantities(goods: Goods, sell_at: Publish, qty: int) -> None:
    (thing,) = goods(1)
    book = sell_at([100], [thing])

    with pytest.raises(InvalidInput):
        quote(book, [(thing.pk, qty)])


def test_quote_and_take_is_all_or_nothing(on_kiosk: Kiosk, goods: Goods, sell_at: Publish) -> None:
    a, b = goods(2, stock_policy="strict")
    book = sell_at([100, 200], [a, b])
    Allotment.objects.create(kiosk=on_kiosk, epoch=1, product=a, granted=5)

    with pytest.raises(StockShort) as refusal:
        quote_and_take(book, [(a.pk, 2), (b.pk, 1)])

    assert refusal.value.fields == {"product_id": b.pk, "wanted": 1, "available": 0}
    assert list(Allotment.objects.values_list("product", "granted", "taken")) == [(a.pk, 5, 0)]


def test_quote_and_take_of_an_offline_sale_names_what_was_not_there(
    on_kiosk: Kiosk, goods: Goods, sell_at: Publish
) -> None:
    (thing,) = goods(1, stock_policy="strict")
    book = sell_at([100], [thing])

    sale = quote_and_take(book, [(thing.pk, 1)], offline=True)

    assert (sale.oversold, sale.quote.totals.total_minor) == ([thing.pk], 100)
    assert Allotment.objects.get().taken == 1


@pytest.mark.parametrize("count", [1, 3])
def test_quote_takes_two_queries_however_many_lines(
    goods: Goods, sell_at: Publish, django_assert_num_queries: Callable[[int], CaptureQueriesContext], count: int
) -> None:
    things = goods(3)
    book = sell_at([100, 200, 300], things)

    with django_assert_num_queries(2):
        priced: Any = quote(book, [(t.pk, 1) for t in things[:count]])

    assert len(priced.lines) == count
