"""Search on the kiosk: what is found, in which order, and how a slip of the finger is read."""

from typing import Any

import pytest
from django.test import Client

from edgeshop.catalog.models import Allotment, Product
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.shop.services.search import fold
from tests.factories.checkout import new_book, stock_kiosk
from tests.factories.shop import make_goods, make_product, make_shelf, moved, sell_all

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
BLUE_CANDLE, HOLDER, MUG, BOWL = 1, 2, 3, 4
NAMES = {
    BLUE_CANDLE: {"en": "Blue candle", "de": "Blaue Kerze", "ar": "شمعة زرقاء"},
    HOLDER: {"en": "Candle holder", "de": "Kerzenhalter", "ar": "حامل الشموع"},
    MUG: {"en": "Café mug", "de": "Kaffeebecher", "ar": "كوب القهوة"},
    BOWL: {"en": "Crème brûlée bowl", "de": "Schüssel, groß", "ar": "إناء أحمر"},
}


@pytest.fixture(autouse=True)
def _goods(kiosk: Kiosk) -> None:
    """Four goods in three languages on the shelf Living."""
    Shop.objects.update(languages=["en", "de", "ar"])
    shelf = make_shelf("living", {"en": "Living", "de": "Wohnen"})
    sell_all([make_product(i, shelf, names, barcode=f"400638133393{i}") for i, names in NAMES.items()])


def ask(query: str, **asked: Any) -> tuple[list[int], str | None]:
    """The ids found, and how the query was read instead."""
    answer = Client().get("/api/search", {"q": query} | asked).json()
    return [item["id"] for item in answer["items"]], answer["corrected"]


@pytest.mark.parametrize(
    ("query", "lang", "found"),
    [
        ("candle", "en", [HOLDER, BLUE_CANDLE]),  # where the word stands first comes first
        ("CAN", "en", [HOLDER, BLUE_CANDLE]),
        ("blue can", "en", [BLUE_CANDLE]),
        ("candle blue", "en", [BLUE_CANDLE]),
        ("ndle", "en", []),  # the beginning of a word, never its middle
        ("cafe", "en", [MUG]),
        ("CAFÉ", "en", [MUG]),
        ("creme brulee", "en", [BOWL]),
        ("gross", "de", [BOWL]),
        ("schussel", "de", [BOWL]),
        ("living", "en", [BLUE_CANDLE, HOLDER, MUG, BOWL]),
        ("wohnen kerze", "de", [HOLDER, BLUE_CANDLE]),
        ("kerzenhalter", "en", [HOLDER]),  # the language on the package
        ("4006381333933", "en", [MUG]),
        ("شمعه", "ar", [BLUE_CANDLE]),  # ة and ه are written for one another
        ("شَمْعَة", "ar", [BLUE_CANDLE]),  # with vowel signs
        ("اناء احمر", "ar", [BOWL]),  # without the hamza
        ("bowl, (brulee)", "en", [BOWL]),
        ("", "en", []),
        ("  ", "en", []),
        ("'\"%_\\", "en", []),
        ("candle bowl", "en", []),
    ],
)
def test_every_word_is_the_beginning_of_one_of_the_products(query: str, lang: str, found: list[int]):
    assert ask(query, lang=lang) == (found, None)


@pytest.mark.parametrize(
    ("query", "lang", "found", "read"),
    [
        ("candel", "en", [HOLDER, BLUE_CANDLE], "candle"),
        ("cnadle", "en", [HOLDER, BLUE_CANDLE], "candle"),
        ("blu cendl", "en", [BLUE_CANDLE], "blu candle"),
        ("creem", "en", [BOWL], "crème"),  # said as it is written
        ("hodler", "en", [HOLDER], "holder"),
        ("kerzn", "de", [HOLDER, BLUE_CANDLE], "kerze"),
        ("القهوت", "ar", [MUG], "القهوة"),
        ("mgu", "en", [MUG], "mug"),
    ],
)
def test_a_slip_of_the_finger_is_read_as_what_was_meant_and_said(query: str, lang: str, found: list[int], read: str):
    assert ask(query, lang=lang) == (found, read)


@pytest.mark.parametrize("query", ["xyzzy", "cxxxle", "mx", "candle xyzzy"])
def test_what_nobody_can_have_meant_is_not_found(query: str):
    assert ask(query) == ([], None)


def test_of_two_words_as_near_the_more_frequent_is_meant():
    sell_all(make_goods(make_shelf("mat"), 1, first_id=11) + make_goods(make_shelf("map"), 2, first_id=12))

    assert ask("maq") == ([12, 13], "map")


def test_pages_follow_one_another_and_end():
    sell_all(make_goods(make_shelf("tea"), 30, first_id=11))

    pages = [ask("tea", page=page)[0] for page in (1, 2, 3)]

    assert pages == [[*range(11, 35)], [*range(35, 41)], []]


def test_a_card_says_what_the_shelf_says_today():
    stock_kiosk({MUG: 1})

    item = Client().get("/api/search", {"q": "cafe"}).json()["items"][0]

    card = Client().get(f"/api/products/{MUG}").json()
    assert item == {name: card[name] for name in item}
    assert item["availability"] == "few_left"


def test_stock_that_runs_out_shows_without_a_new_index():
    stock_kiosk({MUG: 10})
    before = Client().get("/api/search", {"q": "cafe"}).json()["items"][0]["availability"]

    stock_kiosk({MUG: 1}, epoch=2)
    Allotment.objects.filter(epoch=2).update(taken=1)
    Kiosk.objects.update(epoch=2)

    after = Client().get("/api/search", {"q": "cafe"}).json()["items"][0]["availability"]
    assert (before, after) == ("in_stock", "ask_staff")


def test_what_is_not_sold_any_more_is_not_found():
    before = ask("cafe")

    new_book({MUG: None})

    assert (before, ask("cafe")) == (([MUG], None), ([], None))


def test_a_new_name_is_found_once_the_catalogue_has_moved():
    Product.objects.filter(pk=MUG).update(texts={"en": {"name": "Beaker"}})
    moved("catalogue")

    assert (ask("beaker"), ask("mug")) == (([MUG], None), ([], None))


def test_a_language_nobody_speaks_here_is_the_shops_own():
    assert ask("blue", lang="tlh") == ([BLUE_CANDLE], None)
    name = Client().get("/api/search", {"q": "blaue", "lang": "tlh"}).json()["items"][0]["name"]
    assert name == "Blue candle"


def test_three_matches_ask_the_database_as_often_as_one(django_assert_num_queries: Any):
    sell_all(make_goods(make_shelf("tea"), 3, first_id=11))
    ask("tea")

    for query, count in (("tea 1", 1), ("tea", 3)):
        with django_assert_num_queries(8):
            assert len(ask(query)[0]) == count


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Straße", "strasse"), ("Łódź", "lodz"), ("Ærø", "aero"), ("Ⅷ", "viii"), ("ٱلْبَيْت", "البيت"), ("هدىـ", "هدي")],
)
def test_folding_takes_accents_and_spelling_variants_away(text: str, folded: str):
    assert fold(text) == folded
