"""The demo shop's history: repeatable, inside its window, and with something in it to learn."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from edgeshop.shop.demoshop.baskets import DAYS, UNTIL, demo_baskets
from edgeshop.shop.demoshop.catalogue import demo_products

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def baskets():
    return demo_baskets(count=3000)


def test_same_arguments_give_the_same_baskets(baskets):
    assert demo_baskets(7, 300) == demo_baskets(seed=7, count=300)
    assert demo_baskets(seed=8, count=300) != demo_baskets(seed=7, count=300)
    assert demo_baskets(count=3000)[17] == baskets[17]


def test_baskets_are_ordered_and_end_before_the_given_moment(baskets):
    moments = [basket.at for basket in baskets]

    assert moments == sorted(moments)
    assert moments[0] >= UNTIL - timedelta(days=DAYS)
    assert moments[-1] < UNTIL
    assert all(moment.tzinfo is UTC and moment.weekday() != 6 for moment in moments)


def test_history_moves_with_the_moment_it_is_asked_for():
    until = datetime(2024, 1, 1, tzinfo=UTC)

    assert until - timedelta(days=DAYS) <= demo_baskets(count=50, until=until)[0].at < until


def test_lines_name_known_products_once_each(baskets):
    known = {product.id for product in demo_products()}

    for basket in baskets:
        ids = [product_id for product_id, _ in basket.lines]
        assert 1 <= len(ids) <= 6
        assert len(set(ids)) == len(ids)
        assert set(ids) <= known
        assert all(1 <= quantity <= 4 for _, quantity in basket.lines)


def test_popularity_has_a_head_and_a_tail(baskets):
    sold = Counter(product_id for basket in baskets for product_id, _ in basket.lines)
    best = sum(times for _, times in sold.most_common(26))

    assert len(sold) > 240
    assert 0.3 < best / sold.total() < 0.6


def test_things_that_match_are_bought_together(baskets):
    motif = {product.id: product.picture.motif for product in demo_products()}
    pairs = [
        (motif[a], motif[b])
        for basket in baskets
        for a, _ in basket.lines
        for b, _ in basket.lines
        if a < b and "plain" not in (motif[a], motif[b])
    ]
    share_together = sum(a == b for a, b in pairs) / len(pairs)
    sold = Counter(name for pair in pairs for name in pair)
    share_by_chance = sum((times / sold.total()) ** 2 for times in sold.values())

    assert share_together > 3 * share_by_chance


def test_christmas_cards_sell_when_christmas_comes():
    products = demo_products()
    christmas = {product.id for product in products if product.picture.form == "christmas"}

    def share(until: datetime) -> float:
        lines = [line for basket in demo_baskets(count=1500, until=until) for line in basket.lines]
        return sum(product_id in christmas for product_id, _ in lines) / len(lines)

    assert share(datetime(2026, 1, 1, tzinfo=UTC)) > 2 * share(datetime(2026, 9, 1, tzinfo=UTC))
