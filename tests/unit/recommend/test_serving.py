"""Answering with the installed table, and exchanging it under way."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgeshop.recommend.services import current_table, install, recommend, serving, similar
from edgeshop.recommend.services.ranker import WEEK_S, rank_numpy
from edgeshop.recommend.services.table import Table
from tests.unit.recommend import golden

pytestmark = pytest.mark.unit


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hold the clock at so many seconds after the golden table's training."""

    def hold(age_s: int) -> None:
        monkeypatch.setattr("edgeshop.kernel.clock.timestamp", lambda: golden.TRAINED_AT_S + age_s)

    return hold


def test_recommend_answers_from_the_installed_table(models: Path, table: Table, at: Any) -> None:
    at(0)
    install(golden.TABLE.read_bytes())

    answer = recommend([golden.product_id(0), golden.UNKNOWN], 5)

    expected = rank_numpy(table, [golden.product_id(0)], k=5)
    assert (answer.items, answer.source) == (expected.items, "kiosk-model")
    assert (answer.model_version, answer.features_age_s) == (3, 0)
    assert answer.confidence == pytest.approx(expected.confidence, abs=1e-4)


def test_recommend_says_less_of_an_old_table(models: Path, table: Table, at: Any) -> None:
    at(4 * WEEK_S)
    install(golden.TABLE.read_bytes())

    answer = recommend([golden.product_id(0)], 5)

    fresh = rank_numpy(table, [golden.product_id(0)], k=5).confidence
    assert answer.features_age_s == 4 * WEEK_S
    assert answer.confidence == pytest.approx(fresh * 0.985**4, abs=1e-4)


def test_recommend_with_a_clock_behind_the_training_counts_as_fresh(models: Path, at: Any) -> None:
    at(-500)
    install(golden.TABLE.read_bytes())

    assert recommend([], 1).features_age_s == 0


def test_recommend_for_an_unknown_basket_is_best_sellers(models: Path, table: Table, at: Any) -> None:
    at(0)
    install(golden.TABLE.read_bytes())

    answer = recommend([golden.UNKNOWN], 7)

    assert (answer.items, answer.source, answer.confidence) == (table.bestsellers()[:7], "bestsellers", 0.0)


def test_recommend_uses_a_table_as_soon_as_it_is_installed(models: Path, table: Table) -> None:
    versions = []
    for version in (8, 9):
        install(replace(table, model_version=version).to_bytes())
        versions.append(recommend([golden.product_id(0)]).model_version)

    assert versions == [8, 9]


def test_recommend_answers_from_the_old_table_while_a_new_one_loads(
    models: Path, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(replace(table, model_version=8).to_bytes())
    recommend([], 1)
    install(replace(table, model_version=9).to_bytes())
    loading, may_finish, load = threading.Event(), threading.Event(), serving._load

    def slow_load() -> Any:
        loading.set()
        may_finish.wait(10)
        return load()

    monkeypatch.setattr(serving, "_load", slow_load)
    other = threading.Thread(target=recommend, args=([], 1))
    other.start()
    loading.wait(10)
    meanwhile = recommend([], 1).model_version
    may_finish.set()
    other.join()

    assert meanwhile == 8
    assert recommend([], 1).model_version == 9


def test_recommend_survives_tables_being_exchanged_under_it(models: Path, table: Table) -> None:
    files = [replace(table, model_version=version).to_bytes() for version in range(1, 13)]
    install(files[0])
    recommend([], 1)  # what this process has loaded before answers no more
    expected = rank_numpy(table, [golden.product_id(0)], k=5).items
    answers: list[list[int]] = []
    done = threading.Event()

    def shop() -> None:
        while not done.is_set():
            answers.append(recommend([golden.product_id(0)], 5).items)

    shoppers = [threading.Thread(target=shop) for _ in range(3)]
    for shopper in shoppers:
        shopper.start()
    for data in files:
        install(data)
    done.set()
    for shopper in shoppers:
        shopper.join()

    assert answers
    assert [answer for answer in answers if answer != expected] == []
    assert recommend([], 1).model_version == 12


def test_similar_products_stand_in_the_same_theme(models: Path) -> None:
    install(golden.TABLE.read_bytes())

    answers = similar(golden.product_id(2), 6)

    theme = {golden.product_id(item) for item in range(golden.PER_THEME)}
    assert len(answers) == 6
    assert set(answers) < theme
    assert golden.product_id(2) not in answers


def test_similar_of_an_unknown_product_is_nothing(models: Path) -> None:
    install(golden.TABLE.read_bytes())

    assert similar(golden.UNKNOWN) == []
    assert similar(999_999) == []


def test_current_table_is_none_before_the_first(models: Path) -> None:
    assert current_table() is None
    assert similar(golden.product_id(0)) == []
