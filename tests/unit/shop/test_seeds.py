"""Seeds: the right things, in the order that sells, under names that hold their bytes, made once."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from edgeshop.catalog import media
from edgeshop.catalog.models import Product
from edgeshop.fleet.models import Kiosk
from edgeshop.recommend.services import Table
from edgeshop.shop.services import seed_contents, seed_files, seeds
from edgeshop.shop.services.seed_files import seed_file
from tests.factories.checkout import APPLE, BREAD, CLOCK, DOLL, HeldClock, new_book, stock_kiosk
from tests.factories.shop import SVG, install_table, moved, sold, with_picture

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
MANY = 64 * 2**20


def manifest(quota_bytes: int = MANY) -> dict[str, list[dict[str, Any]]]:
    """The items of each stage, as a browser gets them."""
    answer = Client().get("/api/seeds", {"quota_bytes": quota_bytes})
    assert answer.status_code == 200, answer.content
    return {stage["name"]: stage["items"] for stage in answer.json()["stages"]}


def content(item: dict[str, Any]) -> bytes:
    return seed_file(item["sha256"]).read_bytes()


def core() -> dict[str, Any]:
    return json.loads(content(manifest()["core"][0]))


def popular() -> list[int]:
    return core()["products"]["popular"]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The kinds of seeds whose bytes were made, in order."""
    kinds: list[str] = []
    real = seed_files._write

    def noted(kind: Any, told: Any) -> Any:
        kinds.append(kind)
        return real(kind, told)

    monkeypatch.setattr(seed_files, "_write", noted)
    return kinds


@contextmanager
def nothing_read() -> Iterator[None]:
    """Whoever reads goods inside fails."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(seeds, "sellable_products")
        patch.delattr(seeds, "own_sales")
        yield


def test_every_stage_names_files_by_the_hash_of_their_bytes(kiosk: Kiosk):
    install_table([BREAD, APPLE])
    with_picture(Product.objects.get(pk=APPLE))

    found = manifest()

    assert {name: [(i["kind"], i["count"]) for i in items] for name, items in found.items()} == {
        "core": [("core", 4)],
        "vectors": [("table", 2)],
        "tokens": [],
        "pictures": [("pictures", 1)],
        "rest": [("texts", 4)],
    }
    for item in [item for items in found.values() for item in items]:
        data = content(item)
        assert item["sha256"] == hashlib.sha256(data).hexdigest()
        assert (item["url"], item["size_bytes"]) == (f"/api/seeds/{item['sha256']}", len(data))


def test_the_columns_of_the_core_line_up(kiosk: Kiosk):
    stock_kiosk({BREAD: 2, CLOCK: 0})
    Product.objects.filter(pk=DOLL).update(barcode="4006381333931", texts={"de": {"name": "Puppe"}})
    picture = with_picture(Product.objects.get(pk=APPLE))

    found = core()

    assert found["products"] == {
        "id": [APPLE, BREAD, CLOCK, DOLL],
        "category": [Product.objects.get(pk=APPLE).category_id] * 4,
        "price": [250, 399, 2000, 1050],
        "tax": ["standard", "reduced", "standard", "standard"],
        "policy": ["shelf", "shelf", "strict", "untracked"],
        "availability": ["in_stock", "few_left", "ask_staff", "in_stock"],
        "colour": ["#808080"] * 4,
        "image": [picture, None, None, None],
        "barcode": [None, None, None, "4006381333931"],
        "names": {
            "de": ["Apple (de)", "Bread (de)", "Clock (de)", "Puppe"],
            "en": ["Apple", "Bread", "Clock", "Puppe"],
        },
        "popular": [APPLE, BREAD, CLOCK, DOLL],
    }
    assert (found["book"], found["rates"]) == (1, {"standard": 1900, "reduced": 700})
    assert found["shop"] == Client().get("/api/shop").json()


def test_texts_say_what_is_said_and_leave_out_the_rest(kiosk: Kiosk):
    Product.objects.filter(pk=APPLE).update(
        texts={"en": {"name": "Apple", "description": "Crisp"}, "ar": {"name": "تفاحة", "description": "مقرمشة"}}
    )

    assert json.loads(content(manifest()["rest"][0])) == {
        "descriptions": {"ar": {str(APPLE): "مقرمشة"}, "de": {}, "en": {str(APPLE): "Crisp"}}
    }


def test_the_same_state_makes_the_same_bytes_under_the_same_names(kiosk: Kiosk):
    install_table([BREAD, APPLE])
    first = manifest()
    bytes_before = [content(item) for items in first.values() for item in items]
    for folder in ("files", "notes"):
        for file in (Path(django_settings.EDGESHOP.state_dir) / "seeds" / folder).iterdir():
            file.unlink()

    again = manifest()

    assert again == first
    assert [content(item) for items in again.values() for item in items] == bytes_before


def test_an_unchanged_kiosk_answers_from_its_disk(kiosk: Kiosk, made: list[str], django_assert_num_queries: Any):
    install_table([BREAD, APPLE])
    first = manifest()

    with nothing_read(), django_assert_num_queries(5):
        again = manifest()

    assert again == first
    assert made == ["core", "table", "pictures", "texts"]


def test_making_seeds_asks_the_database_as_often_for_four_goods_as_for_one(
    kiosk: Kiosk, django_assert_num_queries: Any
):
    with django_assert_num_queries(15):
        manifest()
    new_book({BREAD: None, CLOCK: None, DOLL: None})
    assert core()["products"]["id"] == [APPLE]
    moved("catalogue")

    with django_assert_num_queries(15):
        manifest()


def change_catalogue() -> None:
    Product.objects.filter(pk=APPLE).update(texts={"en": {"name": "Pear", "description": "Soft"}})
    moved("catalogue")


def change_shop() -> None:
    shop = Kiosk.objects.get().shop
    shop.name = "Round the corner"
    shop.save()
    moved("config")


def sell_a_clock() -> None:
    sold(CLOCK, at=HeldClock().at)


def change_screens_unsent() -> None:
    Client().get("/api/health?screen=a&unsent=3")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (change_catalogue, ["core", "pictures", "texts"]),
        (lambda: new_book({APPLE: 299}), ["core", "pictures", "texts"]),
        (change_shop, ["core"]),
        (sell_a_clock, ["core"]),
        (lambda: media.store(SVG.format(n=9).encode()), ["pictures"]),
        (lambda: install_table([APPLE]), ["core", "table", "pictures"]),
        (change_screens_unsent, []),
        (lambda: moved("orders/12"), []),
    ],
)
def test_a_change_makes_anew_what_it_may_have_changed_and_nothing_else(
    kiosk: Kiosk, made: list[str], change: Any, expected: list[str]
):
    stock_kiosk({CLOCK: 6})
    manifest()
    made.clear()

    change()
    manifest()

    assert made == expected


def test_a_sale_of_strict_stock_shows_in_the_core(kiosk: Kiosk):
    stock_kiosk({CLOCK: 6})
    before = core()["products"]["availability"]

    sell_a_clock()

    assert (before[2], core()["products"]["availability"][2]) == ("in_stock", "few_left")


def test_what_was_made_for_one_quota_serves_the_others(kiosk: Kiosk, made: list[str]):
    install_table([BREAD, APPLE])
    manifest(MANY)
    made.clear()

    manifest(2 * MANY)

    assert made == ["pictures"]


def test_a_file_is_never_written_again_and_goes_on_under_its_name(kiosk: Kiosk):
    path = seed_file(manifest()["core"][0]["sha256"])
    inode = path.stat().st_ino
    moved("catalogue")

    found = core()

    assert found["shop"]["catalogue_version"] == 1
    assert path.stat().st_ino == inode


def test_a_stump_that_a_power_cut_left_is_made_whole(kiosk: Kiosk):
    item = manifest()["core"][0]
    whole = content(item)
    seed_file(item["sha256"]).write_bytes(whole[:10])

    again = manifest()["core"][0]

    assert (again, content(again)) == (item, whole)


def test_a_note_that_a_power_cut_left_empty_is_written_again(kiosk: Kiosk):
    first = manifest()
    for note in (Path(django_settings.EDGESHOP.state_dir) / "seeds" / "notes").iterdir():
        note.write_bytes(b"")

    assert manifest() == first


def test_old_files_go_and_current_ones_stay(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seed_files, "FILES_MAX", 5)
    monkeypatch.setattr(seed_files, "NOTES_MAX", 6)
    first = manifest()["core"][0]

    for _ in range(6):
        moved("catalogue")
        last = manifest()

    home = Path(django_settings.EDGESHOP.state_dir) / "seeds"
    assert [len(list((home / name).iterdir())) for name in ("files", "notes")] == [5, 6]
    assert all(content(item) for items in last.values() for item in items)
    assert Client().get(first["url"]).status_code == 404


def test_popular_is_shelf_order_before_anything_has_sold(kiosk: Kiosk):
    assert popular() == [APPLE, BREAD, CLOCK, DOLL]


def test_own_sales_come_before_the_tables_best_sellers_and_those_before_the_shelf(kiosk: Kiosk, held_clock: HeldClock):
    stock_kiosk({CLOCK: 100})
    install_table([DOLL, BREAD, 999])
    sold(APPLE, at=held_clock.at)
    sold(CLOCK, orders=2, at=held_clock.at)

    before = popular()
    held_clock.move(days=1)

    assert (before, popular()) == ([DOLL, BREAD, APPLE, CLOCK], [CLOCK, APPLE, DOLL, BREAD])


def test_sales_of_equal_goods_keep_the_tables_order(kiosk: Kiosk, held_clock: HeldClock):
    install_table([DOLL, BREAD])
    for product in (APPLE, BREAD, DOLL):
        sold(product, at=held_clock.at)
    held_clock.move(days=1)

    assert popular() == [DOLL, BREAD, APPLE, CLOCK]


def test_orders_count_and_not_units(kiosk: Kiosk, held_clock: HeldClock):
    sold(APPLE, qty=50, at=held_clock.at)
    sold(BREAD, orders=2, at=held_clock.at)
    held_clock.move(days=1)

    assert popular()[:2] == [BREAD, APPLE]


@pytest.mark.parametrize(("days", "first"), [(1, DOLL), (28, DOLL), (29, APPLE)])
def test_sales_count_for_four_weeks(kiosk: Kiosk, held_clock: HeldClock, days: int, first: int):
    sold(DOLL, at=held_clock.at)

    held_clock.move(days=days)

    assert popular()[0] == first


def test_the_days_are_the_shops_own(kiosk: Kiosk, held_clock: HeldClock):
    held_clock.move(hours=12, minutes=30)  # half past eleven at night in Berlin
    sold(DOLL, at=held_clock.at)
    before = popular()[0]

    held_clock.move(minutes=30)

    assert (before, popular()[0]) == (APPLE, DOLL)


def test_a_sale_of_today_changes_no_name(kiosk: Kiosk, held_clock: HeldClock):
    before = manifest()

    sold(DOLL, at=held_clock.at)

    assert manifest() == before


def table_of(item: dict[str, Any]) -> list[int]:
    return Table.from_bytes(content(item)).product_ids.tolist()


def test_own_sales_choose_the_rows_and_the_pictures_that_fit(
    kiosk: Kiosk, held_clock: HeldClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seeds, "FIRST_ROWS_MAX", 1)
    install_table([APPLE, BREAD, DOLL])
    names = {p.pk: with_picture(p, size_bytes=1000) for p in Product.objects.filter(pk__in=[APPLE, BREAD, DOLL])}
    sold(DOLL, orders=2, at=held_clock.at)
    sold(BREAD, at=held_clock.at)
    held_clock.move(days=1)

    found = manifest(quota_bytes=2 * 2500)

    assert [table_of(item) for item in (*found["vectors"], *found["rest"][1:])] == [[DOLL], [BREAD, DOLL]]
    assert json.loads(content(found["pictures"][0])) == {"pictures": [[names[DOLL], 1000], [names[BREAD], 1000]]}


def test_rows_of_what_is_not_sold_here_are_not_sent(kiosk: Kiosk):
    install_table([998, APPLE, 999, DOLL])

    assert table_of(manifest()["vectors"][0]) == [APPLE, DOLL]


def test_a_table_that_knows_nothing_on_sale_is_not_sent(kiosk: Kiosk):
    install_table([998, 999])

    assert manifest()["vectors"] == []


def test_the_rest_has_no_table_when_the_first_has_all_rows(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seeds, "FIRST_ROWS_MAX", 2)
    install_table([998, APPLE, 999, DOLL])

    found = manifest()

    assert [[item["kind"] for item in found[name]] for name in ("vectors", "rest")] == [["table"], ["texts"]]


def test_no_quota_means_no_table_and_no_pictures(kiosk: Kiosk):
    install_table([APPLE, BREAD])
    with_picture(Product.objects.get(pk=APPLE))

    found = manifest(quota_bytes=0)

    assert {name: [item["kind"] for item in items] for name, items in found.items()} == {
        "core": ["core"],
        "vectors": [],
        "tokens": [],
        "pictures": [],
        "rest": ["texts"],
    }


def test_a_picture_that_has_not_come_is_not_listed_and_is_once_it_has(kiosk: Kiosk):
    data = SVG.format(n=5).encode()
    name = hashlib.sha256(data).hexdigest()
    Product.objects.filter(pk__in=[APPLE, BREAD]).update(image_sha256=name)
    before = manifest()["pictures"]

    media.store(data)

    assert before == []
    assert json.loads(content(manifest()["pictures"][0])) == {"pictures": [[name, len(data)]]}


def test_a_smaller_picture_may_fit_where_a_larger_does_not(kiosk: Kiosk):
    large, small = (Product.objects.get(pk=product) for product in (APPLE, BREAD))
    with_picture(large, size_bytes=3000)
    name = with_picture(small, size_bytes=200)

    found = seed_contents.pictures([*Product.objects.all()], [APPLE, BREAD], budget_bytes=500)

    assert json.loads(found.data) == {"pictures": [[name, 200]]}


def test_the_version_changes_with_any_file(kiosk: Kiosk):
    def version() -> str:
        return Client().get("/api/seeds").json()["version"]

    first, again = version(), version()
    moved("catalogue")

    assert (first == again, first == version()) == (True, False)
