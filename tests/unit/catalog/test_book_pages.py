"""A kiosk that was away is told the books that still count, and its digests are the cloud's all the same."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest

from edgeshop.catalog.models import PriceBook, Product
from edgeshop.catalog.queries import current_book, prices
from edgeshop.catalog.streams.book_pages import SKIPPED
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.models import Repair, Stream
from edgeshop.journal.services import apply_page, digest_of, page, sequence, sum_up
from edgeshop.journal.services.pages import Page
from edgeshop.kernel import clock

pytestmark = pytest.mark.unit
Goods = Callable[..., list[Product]]
Publish = Callable[..., int]
OtherNode = Callable[[], AbstractContextManager[None]]
HELD = 3


def after(seq: int, shop: Shop, since: datetime | None) -> Page:
    sequence()
    found = page(stream="prices", epoch=1, seq=seq, limit=100, audience=shop.pk, since=lambda: since)
    assert found is not None
    return found


def publish_some(books: int, things: list[Product], sell_at: Publish, rng: random.Random) -> None:
    """Prices come, change, go and come back."""
    for _ in range(books):
        some = rng.sample(things, 3)
        sell_at([rng.choice([None, 100, 200, 300]) for _ in some], some)


def apply_as_a_new_kiosk(shop: Shop, *told: Page) -> None:
    Kiosk.objects.create(pk=1, shop=Shop.objects.create(pk=shop.pk, name="Corner"), name="Till", epoch=1, is_self=True)
    for received in told:
        apply_page(received)


@pytest.mark.parametrize("seed", range(6))
def test_after_days_away_it_sells_at_the_cloud_s_prices_and_their_digests_agree(
    shop: Shop, goods: Goods, sell_at: Publish, on_second_node: OtherNode, seed: int
) -> None:
    things, rng, began = goods(8), random.Random(seed), clock.now() - timedelta(days=1)
    publish_some(HELD, things, sell_at, rng)
    before = after(0, shop, None)
    publish_some(9, things, sell_at, rng)
    sell_at([400], things[:1], valid_from=clock.now() + timedelta(hours=1))
    sell_at([500], things[1:2], valid_from=clock.now() + timedelta(hours=2))
    told = after(before.seq, shop, began)
    books = [HELD + 9, HELD + 10, HELD + 11]
    here = [prices(book) for book in books]

    with on_second_node():
        apply_as_a_new_kiosk(shop, before, told)
        assert (current_book(shop.pk), [prices(book) for book in books]) == (HELD + 9, here)
        assert list(PriceBook.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3, *books]
        assert digest_of(Stream.objects.get(name="prices")) == told.digest
        assert (sum_up("prices"), digest_of(Stream.objects.get(name="prices"))) == (0, told.digest)
        assert not Repair.objects.exists()


def test_without_the_digests_of_what_is_left_out_it_would_ask_for_that(
    shop: Shop, goods: Goods, sell_at: Publish, on_second_node: OtherNode
) -> None:
    """The control of the digests."""
    things, rng = goods(8), random.Random(1)
    publish_some(9, things, sell_at, rng)
    told = after(0, shop, clock.now() - timedelta(days=1))
    for row in told.rows:
        del row[SKIPPED]

    with on_second_node():
        apply_as_a_new_kiosk(shop, told)
        assert Repair.objects.filter(pk="prices").exists()


def test_books_from_before_its_present_life_and_for_a_reader_of_unknown_age_travel_all(
    shop: Shop, goods: Goods, sell_at: Publish
) -> None:
    things, rng = goods(8), random.Random(1)
    publish_some(4, things, sell_at, rng)
    began = clock.now()
    publish_some(4, things, sell_at, rng)

    assert [row["key"] for row in after(0, shop, began).rows] == ["1", "2", "3", "4", "8"]
    assert len(after(0, shop, None).rows) == 8
