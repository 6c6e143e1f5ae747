"""Recommendations through the database and over HTTP."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from edgeshop.catalog.models import BasketHistory, Category, Product
from edgeshop.catalog.services import draft_book, publish, set_prices
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.models import Change
from edgeshop.kernel import clock
from edgeshop.recommend.services import current_table, recommend, train_and_install

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
WORDS = ["black tea", "fresh milk", "brown sugar", "nails", "claw hammer", "wood glue", "tea cup"]


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path) -> Path:
    """A state folder of this test's own."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    settings.ROOT_URLCONF = "tests.unit.shop.kiosk_urls"
    return tmp_path


@pytest.fixture
def goods() -> list[int]:
    """Seven products: things for tea, and things for wood; the cup was never sold."""
    shelf = Category.objects.create(slug="all", names={"en": "All"})
    texts = [{"en": {"name": words, "description": ""}} for words in WORDS]
    return [Product.objects.create(category=shelf, sku=f"s{n}", texts=text).pk for n, text in enumerate(texts)]


@pytest.fixture
def past(goods: list[int]) -> list[int]:
    """Forty baskets of the past."""
    for n in range(40):
        bought = goods[:3] if n % 2 else goods[3:6]
        BasketHistory.objects.create(external_id=f"b{n}", at=clock.now(), product_ids=bought)
    return goods


def ask(client: Client, **body: Any) -> Any:
    return client.post("/api/recommendations", body, content_type="application/json")


def test_recommendations_answer_from_what_was_learned(client: Client, past: list[int]) -> None:
    train_and_install()

    answer = ask(client, basket=[past[0]], k=2)

    said = answer.json()
    assert answer.status_code == 200
    assert said["items"] == past[1:3]
    assert (said["source"], said["model_version"]) == ("kiosk-model", 1)
    assert 0 < said["confidence"] < 1
    assert 0 <= said["features_age_s"] < 60
    assert said.keys() == {"items", "confidence", "source", "model_version", "features_age_s"}


def test_recommendations_take_no_query(client: Client, past: list[int], django_assert_num_queries: Any) -> None:
    train_and_install()
    recommend([], 1)

    with django_assert_num_queries(0):
        ask(client, basket=past[:1], k=1)
    with django_assert_num_queries(0):
        ask(client, basket=past[:3], k=3)


def test_recommendations_without_a_table_offer_what_is_on_sale(client: Client, goods: list[int]) -> None:
    shop = Shop.objects.create(name="Corner", currency="EUR")
    Kiosk.objects.create(shop=shop, name="One", is_self=True)
    draft = draft_book(shop_id=shop.pk, rates={"standard": 1900})
    set_prices(draft_id=draft, prices=dict.fromkeys(goods[1:], 100))
    publish(draft)

    answer = ask(client, basket=[goods[1]], k=3)

    assert answer.json() == {
        "items": goods[2:5],
        "confidence": 0.0,
        "source": "bestsellers",
        "model_version": None,
        "features_age_s": None,
    }


def test_recommendations_of_an_empty_box_are_empty(client: Client) -> None:
    assert ask(client, basket=[], k=3).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"basket": [0]}, {"basket": [2**31]}, {"basket": ["tea"]}, {"basket": [1], "k": 0}, {"basket": [1], "k": 51}],
)
def test_recommendations_refuse_what_does_not_fit_the_form(client: Client, body: dict[str, Any]) -> None:
    answer = ask(client, **body)

    assert (answer.status_code, answer.json()["code"]) == (422, "kernel.invalid_input")


def test_training_gives_the_next_version_and_marks_it_for_the_kiosks(past: list[int]) -> None:
    versions = [train_and_install(), train_and_install()]

    assert versions == [1, 2]
    assert list(Change.objects.values_list("stream", "key")) == [("models", "table")] * 2


def test_training_leaves_out_what_is_not_sold_any_more(past: list[int]) -> None:
    Product.objects.filter(pk=past[1]).update(is_active=False)

    train_and_install()

    table = current_table()
    assert table is not None
    assert table.product_ids.tolist() == [past[0], *past[2:]]
    assert recommend([past[0]], 1).items == [past[2]]


def test_train_command_shows_progress_and_installs(past: list[int]) -> None:
    out = StringIO()

    call_command("train", stdout=out)

    lines = out.getvalue().splitlines()
    assert len(lines) == 7
    assert lines[-2].endswith("KiB")
    assert lines[-1] == "Table 1 is in use."


def test_train_command_on_trial_installs_nothing(past: list[int]) -> None:
    call_command("train", "--dry-run", stdout=StringIO())

    assert current_table() is None
    assert not Change.objects.exists()


def test_train_command_without_data_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="no baskets and no product texts"):
        call_command("train", stdout=StringIO())


def test_train_command_on_a_kiosk_points_to_the_cloud(settings: Any, past: list[int]) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)

    with pytest.raises(CommandError, match="train there"):
        call_command("train", stdout=StringIO())

    assert current_table() is None


def test_rank_command_names_the_answers_and_their_source(past: list[int]) -> None:
    train_and_install()
    out = StringIO()

    call_command("rank", str(past[0]), "-k", "2", stdout=out)

    first, second, source = out.getvalue().splitlines()
    assert first.split()[:2] == ["1", str(past[1])]
    assert first.endswith("fresh milk")
    assert second.endswith("brown sugar")
    assert source.startswith("source kiosk-model, table 1, confidence 0.")
