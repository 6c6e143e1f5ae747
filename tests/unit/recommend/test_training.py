"""What a table learns from baskets and words."""

import numpy as np
import pytest

from edgeshop.recommend.errors import NothingToLearn, ShopTooLarge
from edgeshop.recommend.services import calibration, neighbours, training, words
from edgeshop.recommend.services.ranker import rank_numpy
from edgeshop.recommend.services.table import Table
from edgeshop.recommend.services.training import train
from tests.unit.recommend import golden

pytestmark = pytest.mark.unit
TEA, MILK, SUGAR, NAILS, HAMMER, CUP = 3, 5, 8, 13, 21, 34
BASKETS = [[TEA, MILK, SUGAR], [NAILS, HAMMER]] * 20
TEXTS = {TEA: "black tea", MILK: "fresh milk", NAILS: "nails", HAMMER: "claw hammer", CUP: "tea cup"}


def test_train_learns_what_goes_together() -> None:
    table = train(BASKETS, {})

    assert rank_numpy(table, [TEA], k=2).items == [MILK, SUGAR]
    assert rank_numpy(table, [NAILS], k=1).items == [HAMMER]


def test_train_prefers_what_comes_next_to_what_came_before() -> None:
    table = train([[TEA, MILK], [MILK, SUGAR]] * 20, {})

    assert rank_numpy(table, [MILK], k=2).items == [SUGAR, TEA]


def test_train_places_a_product_nobody_bought_by_its_words() -> None:
    table = train(BASKETS, TEXTS)

    assert CUP in rank_numpy(table, [TEA], k=3).items
    assert rank_numpy(table, [CUP], k=1).items == [TEA]


def test_train_leaves_out_rare_products_without_words() -> None:
    table = train([*BASKETS, [TEA, 99]], {})

    assert table.product_ids.tolist() == [TEA, MILK, SUGAR, NAILS, HAMMER]


def test_train_orders_best_sellers_by_recent_sales() -> None:
    table = train([[TEA, MILK]] * 30 + [[NAILS, HAMMER]] * 20, {CUP: "cup"})

    assert table.bestsellers() == [NAILS, HAMMER, TEA, MILK, CUP]


def test_train_takes_a_repeated_product_of_a_basket_once() -> None:
    twice, once = train([[TEA, MILK, TEA, SUGAR]] * 20, {}), train([[TEA, MILK, SUGAR]] * 20, {})

    assert twice.to_bytes()[20:] == once.to_bytes()[20:]  # the header before that says when


def test_train_on_words_alone_gives_a_valid_table() -> None:
    table = Table.from_bytes(train([], TEXTS, model_version=9).to_bytes())

    assert (table.rows, table.model_version) == (5, 9)
    assert table.calibration == pytest.approx(calibration.PRIOR)


def test_train_says_its_stages() -> None:
    stages: list[str] = []

    train(BASKETS, {}, progress=stages.append)

    assert len(stages) == 4


def test_train_without_anything_refuses() -> None:
    with pytest.raises(NothingToLearn):
        train([], {})


def test_train_of_more_products_than_one_table_numbers_refuses() -> None:
    with pytest.raises(ShopTooLarge):
        train([], dict.fromkeys(range(1, training.ITEMS_MAX + 2), "x"))


def test_row_weights_keep_their_order_and_size_in_eight_bits(table: Table) -> None:
    baskets, _ = golden.shop()
    items = [np.searchsorted(table.product_ids, list(dict.fromkeys(basket))) for basket in baskets]
    selling = np.flatnonzero(np.bincount(np.concatenate(items), minlength=table.rows))
    dense = neighbours.fused([np.searchsorted(selling, basket) for basket in items], items=len(selling))

    row, item = 0, int(selling[0])
    kept = table.nid[item][table.nid[item] > 0].astype(int) - 1
    sold = kept[np.isin(kept, selling)]
    weights = table.w8[item][np.isin(table.nid[item].astype(int) - 1, sold)] * table.ws[item]
    assert weights == pytest.approx(dense[row, np.searchsorted(selling, sold)], abs=float(table.ws[item]) / 2 + 1e-6)


def test_ease_is_the_ridge_regression_of_each_item_on_the_others() -> None:
    random = np.random.default_rng(1)
    held = (random.random((60, 5)) < 0.4).astype(np.float32)
    baskets = [np.flatnonzero(row) for row in held]

    weights = neighbours._ease(neighbours._incidence(baskets, 5))

    scaled = held * np.maximum(held.sum(1), 1)[:, None] ** -0.4
    ridge = neighbours.RIDGE * (scaled**2).sum() / held.sum()
    for target in range(5):
        others = [i for i in range(5) if i != target]
        known = scaled[:, others]
        expected = np.linalg.solve(known.T @ known + ridge * np.eye(4), known.T @ scaled[:, target])
        assert weights[others, target] == pytest.approx(expected, abs=1e-6)


def test_words_weigh_by_rarity_and_common_words_say_nothing() -> None:
    alike = words.similarity(["Red tea CUP", "tea cup, blue", "tea pot", "tea", ""], np.array([0, 1, 4]))

    assert alike.shape == (3, 5)
    assert alike[0, 1] == alike[1, 0] > alike[0, 2] > 0
    assert alike[0, 0] == alike[1, 1] == 0
    assert alike[2].tolist() == [0] * 5


def test_calibration_finds_the_coefficients_behind_many_outcomes() -> None:
    random = np.random.default_rng(5)
    features = random.normal(size=(40_000, 3))
    truth = np.array([-0.4, 1.2, -0.3, 0.6])
    chance = 1 / (1 + np.exp(-(truth[0] + features @ truth[1:])))

    found = calibration.fit(calibration.Outcomes(features, random.random(40_000) < chance))

    assert found == pytest.approx(truth, abs=0.06)


@pytest.mark.parametrize("hit", [True, False])
def test_calibration_stays_finite_when_all_outcomes_agree(hit: bool) -> None:
    outcomes = calibration.Outcomes(np.full((50, 3), 0.7), np.full(50, hit))

    c = calibration.fit(outcomes)

    assert np.isfinite(c).all()
    assert (c @ [1, 0.7, 0.7, 0.7] > calibration.PRIOR @ [1, 0.7, 0.7, 0.7]) is np.bool_(hit)
