"""The kiosk's own endpoints: exact answers, and as many questions to the database for three goods as for one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from edgeshop import __version__
from edgeshop.catalog.models import Category, Product
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.models import Repair
from edgeshop.journal.services import acknowledge
from edgeshop.sync.models import Download
from edgeshop.sync.services.state import note_contact, note_out_of_reach
from edgeshop.vault.services import load_vapid
from tests.factories.checkout import APPLE, BREAD, CLOCK, DOLL, HeldClock, stock_kiosk
from tests.factories.fleet import lend
from tests.factories.shop import install_table, make_goods, make_shelf, moved, sell_all, sold, with_picture

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


def get(path: str, **asked: Any) -> Any:
    """The JSON of an answer that is fine."""
    answer = Client().get(f"/api{path}", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def apple_card(**different: Any) -> dict[str, Any]:
    """The apple, as on a shelf."""
    card = {
        "id": APPLE, "category": Category.objects.get(slug="things").pk, "name": "Apple", "price_minor": 250,
        "tax_class": "standard", "image": None, "colour": "#808080", "policy": "shelf", "availability": "in_stock",
        "barcode": None,
    }  # fmt: skip
    return card | different


def test_the_shop_says_all_that_the_pwa_must_know(kiosk: Kiosk, django_assert_num_queries: Any):
    moved("catalogue")

    with django_assert_num_queries(4):
        answer = get("/shop")

    assert answer == {
        "id": 3,
        "name": "Corner",
        "kiosk_id": 12,
        "currency": "EUR",
        "exponent": 2,
        "inclusive": True,
        "timezone": "Europe/Berlin",
        "languages": ["en", "de"],
        "default_language": "en",
        "book": 1,
        "catalogue_version": 1,
        "categories": [{"id": Category.objects.get().pk, "slug": "things", "names": {"en": "Things"}}],
        "tenders": ["cash", "card", "counter", "invoice"],
        "vapid_public_key": load_vapid().public_key,
    }


def test_a_shelf_has_cards_of_one_book(kiosk: Kiosk):
    picture = with_picture(Product.objects.get(pk=APPLE))
    Product.objects.filter(pk=APPLE).update(barcode="4006381333931")
    stock_kiosk({CLOCK: 2})

    answer = get("/shelf", lang="de")

    cards = answer.pop("items")
    assert answer == {"page": 1, "pages": 1, "book": 1}
    assert cards[0] == apple_card(name="Apple (de)", image=f"/media/{picture}", barcode="4006381333931")
    assert [(card["id"], card["availability"]) for card in cards] == [
        (APPLE, "in_stock"),
        (BREAD, "in_stock"),
        (CLOCK, "few_left"),
        (DOLL, "in_stock"),
    ]


def test_a_shelf_comes_in_pages_and_a_page_past_the_end_is_the_last(kiosk: Kiosk):
    shelf = make_shelf("tea")
    sell_all(make_goods(shelf, 30))

    pages = [get("/shelf", category=shelf.pk, page=page) for page in (1, 2, 9)]

    assert [(p["page"], p["pages"], [card["id"] for card in p["items"]]) for p in pages] == [
        (1, 2, [*range(1, 25)]),
        (2, 2, [*range(25, 31)]),
        (2, 2, [*range(25, 31)]),
    ]


def test_a_shelf_that_is_empty_or_unknown_has_one_empty_page(kiosk: Kiosk):
    empty = make_shelf("tea").pk

    assert [get("/shelf", category=category) for category in (empty, 2**31 - 1)] == [
        {"items": [], "page": 1, "pages": 1, "book": 1}
    ] * 2


def test_a_shelf_of_three_asks_the_database_as_often_as_one_of_one(kiosk: Kiosk, django_assert_num_queries: Any):
    one, three = make_shelf("tea"), make_shelf("mugs")
    sell_all(make_goods(one, 1) + make_goods(three, 3, first_id=2))

    for shelf, count in ((one, 1), (three, 3)):
        with django_assert_num_queries(8):
            assert len(get("/shelf", category=shelf.pk)["items"]) == count


def test_a_product_page_names_what_goes_with_it_and_only_what_is_sold(kiosk: Kiosk):
    install_table([DOLL, 999, APPLE, BREAD])
    Product.objects.filter(pk=APPLE).update(texts={"en": {"name": "Apple", "description": "Crisp"}})

    answer = get(f"/products/{APPLE}")

    assert answer == apple_card(description="Crisp", goes_with=[BREAD, DOLL], similar=[])


def test_a_product_page_without_a_table_offers_the_shelf(kiosk: Kiosk):
    answer = get(f"/products/{BREAD}", lang="de")

    assert (answer["name"], answer["goes_with"], answer["similar"]) == ("Bread (de)", [APPLE, CLOCK, DOLL], [])


def test_a_product_page_asks_the_database_as_often_for_three_neighbours_as_for_one(
    kiosk: Kiosk, django_assert_num_queries: Any
):
    for known, others in (([APPLE, BREAD], 1), ([APPLE, BREAD, CLOCK, DOLL], 3)):
        install_table(known, version=len(known))
        with django_assert_num_queries(8):
            assert len(get(f"/products/{APPLE}")["goes_with"]) == others


@pytest.mark.parametrize("product_id", [999, 2**31 - 1])
def test_a_product_that_is_not_sold_has_no_page(kiosk: Kiosk, product_id: int):
    answer = Client().get(f"/api/products/{product_id}")

    error = answer.json()
    assert (answer.status_code, error["code"], error["fields"]) == (404, "kernel.not_found", {"product_id": product_id})


def test_recommendations_come_from_the_table(kiosk: Kiosk, held_clock: HeldClock, django_assert_num_queries: Any):
    install_table([DOLL, BREAD, APPLE])
    body = {"basket": [APPLE], "k": 2}

    with django_assert_num_queries(0):
        answer = Client().post("/api/recommendations", body, content_type="application/json").json()

    assert answer.pop("confidence") > 0
    assert answer == {
        "items": [BREAD, DOLL],
        "source": "kiosk-model",
        "model_version": 1,
        "features_age_s": int(held_clock.timestamp()) - 1_700_000_000,
    }


def test_health_of_a_kiosk_that_never_met_its_cloud(kiosk: Kiosk, held_clock: HeldClock):
    assert get("/health") == {
        "status": "ok",
        "role": "kiosk",
        "kiosk_id": 12,
        "shop_id": 3,
        "version": __version__,
        "cloud": {"state": "alone", "last_contact_age_s": None, "grade": "B", "is_stalled": False},
        "unsent": {"count": 0, "oldest_age_s": None},
        "screens_unsent": 0,
        "book": 1,
        "epoch": 1,
        "epoch_is_stale": False,
        "keys": {"expected": "memory", "level": 0, "problem": ""},
        "leases": [],
        "artefacts": {"state": "none", "checked_age_s": None},
        "grant": {
            "level": 1,
            "state": "expired",
            "window_minor": 0,
            "used_minor": 0,
            "soft_at": None,
            "hard_at": None,
        },
        "first_sync": None,
        "diverged": [],
        "mails_receipts": False,
        "is_revoked": False,
        "now": held_clock.timestamp(),
    }


def test_health_says_how_leases_stand_and_not_what_they_hold(kiosk: Kiosk, held_clock: HeldClock):
    lend("card", "canary-5x")
    start, day = int(held_clock.timestamp()), 86_400
    states = []
    for _ in range(4):
        said = get("/health")["leases"]
        assert [(one["name"], one["soft"], one["hard"]) for one in said] == [
            ("card", start + 10 * day, start + 30 * day), ("vapid", start + 10 * day, start + 30 * day),
        ]  # fmt: skip
        assert "canary" not in str(said)
        states.append(said[0]["state"])
        held_clock.move(days=10)

    assert states == ["fresh", "stale", "stale", "expired"]


def test_health_of_a_new_kiosk_says_how_far_it_is(kiosk: Kiosk, held_clock: HeldClock):
    files = [("core", 100), ("text", 300)]
    said = []
    for place, (group, size) in enumerate(files):
        Download.objects.create(name=group * 16, group=group, size=size, place=place)
    said.append(get("/health")["first_sync"])
    Download.objects.filter(group="core").delete()
    Download.objects.update(before=100)
    said.append(get("/health")["first_sync"])
    Download.objects.all().delete()
    said.append(get("/health")["first_sync"])
    Kiosk.objects.update(shop=Shop.objects.create(name="New", currency="EUR", exponent=2, timezone="UTC"))
    bare = get("/health")

    assert said == [
        {"have": 0, "of": 400, "to_come": ["core", "text"], "sellable": False},
        {"have": 100, "of": 400, "to_come": ["text"], "sellable": True},
        None,
    ]
    assert (bare["book"], bare["first_sync"]) == (0, {"have": 0, "of": 0, "to_come": [], "sellable": False})


def test_health_names_the_streams_that_are_not_as_the_clouds(kiosk: Kiosk, held_clock: HeldClock):
    since = held_clock.at
    Repair.objects.create(stream="catalogue", since=since)
    Repair.objects.create(stream="prices", since=since, rests_until=since + timedelta(hours=1))

    found = get("/health")["diverged"]
    held_clock.move(seconds=3600)

    assert found == [
        {"stream": "catalogue", "since": since.timestamp(), "is_resting": False},
        {"stream": "prices", "since": since.timestamp(), "is_resting": True},
    ]
    assert [row["is_resting"] for row in get("/health")["diverged"]] == [False, False]


def test_health_of_a_revoked_kiosk_says_so(kiosk: Kiosk, held_clock: HeldClock):
    Kiosk.objects.update(revoked_at=held_clock.at)

    assert get("/health")["is_revoked"] is True


def test_health_says_how_long_the_cloud_is_away_and_what_waits_for_it(kiosk: Kiosk, held_clock: HeldClock):
    note_contact()
    sold(APPLE, orders=2, at=held_clock.at)
    held_clock.move(seconds=30)

    soon = get("/health")
    held_clock.move(seconds=11)
    later = get("/health")

    assert soon["unsent"] == {"count": 2, "oldest_age_s": 30.0}
    assert [answer["cloud"] for answer in (soon, later)] == [
        {"state": "connected", "last_contact_age_s": 30.0, "grade": "B", "is_stalled": False},
        {"state": "alone", "last_contact_age_s": 41.0, "grade": "B", "is_stalled": False},
    ]


def test_health_says_at_once_that_the_cloud_was_asked_in_vain(kiosk: Kiosk, held_clock: HeldClock):
    note_contact()
    note_out_of_reach()
    cut = get("/health")["cloud"]
    note_contact()

    assert (cut["state"], get("/health")["cloud"]["state"]) == ("alone", "connected")


def test_health_stays_cheap(kiosk: Kiosk, held_clock: HeldClock, django_assert_num_queries: Any):
    with django_assert_num_queries(9):
        get("/health", screen="a", unsent=1)
    sold(APPLE, orders=3, at=held_clock.at)

    with django_assert_num_queries(10):
        get("/health", screen="a", unsent=1)

    acknowledge(device_id=12, epoch=1, seq=3)
    with django_assert_num_queries(9):
        assert get("/health")["unsent"]["count"] == 0


def test_screens_say_what_they_hold_and_are_forgotten_when_silent(kiosk: Kiosk, held_clock: HeldClock):
    counts = [get("/health", screen=screen, unsent=n)["screens_unsent"] for screen, n in (("a", 2), ("b", 3), ("a", 1))]
    held_clock.move(seconds=14)
    held = get("/health")["screens_unsent"]
    held_clock.move(seconds=1)

    assert (counts, held, get("/health")["screens_unsent"]) == ([2, 5, 4], 4, 0)


@pytest.mark.parametrize(("said", "counted"), [(-5, 0), (10**30, 10_000)])
def test_a_screen_cannot_say_more_than_a_screen_can_hold(kiosk: Kiosk, said: int, counted: int):
    assert get("/health", screen="a", unsent=said)["screens_unsent"] == counted


def test_a_flood_of_screens_is_not_remembered(kiosk: Kiosk):
    for n in range(55):
        get("/health", screen=f"s{n}", unsent=1)

    assert get("/health")["screens_unsent"] == 50


@pytest.mark.parametrize("path", ["/health", "/shop", "/shelf", f"/products/{APPLE}", "/search?q=apple", "/seeds"])
def test_a_box_that_is_not_enrolled_says_so(kiosk: Kiosk, path: str):
    Kiosk.objects.update(is_self=False)

    answer = Client().get(f"/api{path}")

    error = answer.json()
    assert (answer.status_code, error["code"], error["retry"]) == (409, "fleet.not_enrolled", "ask_staff")
