"""Rows that differ silently are found and mended, and nothing else travels: between a real kiosk and a real cloud."""

import pytest
import requests
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from edgeshop.catalog.models import Allotment, Category, Price, PriceBook, Product
from edgeshop.catalog.queries import prices
from edgeshop.catalog.services import allot, receive_stock
from edgeshop.catalog.services.goods import CategoryData, ProductData, save_categories, save_products
from edgeshop.fleet.errors import CloudUnreachable
from edgeshop.fleet.models import Shop, Staff, Tally
from edgeshop.fleet.services.staff import save_shop
from edgeshop.journal.models import Change, Repair, RowDigest, SetDigest, Stream
from edgeshop.journal.services import cursors, restart_streams, verify_streams
from edgeshop.sync.errors import Malformed
from edgeshop.sync.management.commands import sync as command
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.feed import unpack_page, unpack_pages
from edgeshop.sync.services.repair import DIVERGED, answer_repair
from edgeshop.sync.services.wire import from_address, unpack_answer
from tests.factories.checkout import new_book
from tests.factories.fleet import KIOSK, SHOP, House, make_shop, make_staff

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
GOODS = 40
TABLES = {"catalogue", "prices", f"stock/{KIOSK}", "staff", "config"}


def product(n: int, **fields) -> ProductData:
    usual = {"sku": f"S{n}", "category_id": Category.objects.get().pk, "texts": {"en": {"name": f"Loaf {n}"}}}
    return ProductData(**usual | fields)


@pytest.fixture
def shop_open(house) -> House:
    """A kiosk that has everything: goods, three books, stock, people; and a cloud with another shop besides."""
    with house.cloud():
        save_categories([CategoryData(slug="bread", position=1, names={"en": "Bread"})])
        save_products([product(n) for n in range(GOODS)])
        ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        for unit in (300, 310, 320):
            new_book({pk: unit + pk for pk in ids[:: unit // 10 - 29]})
        for pk in ids[:3]:
            receive_stock(shop_id=SHOP, product_id=pk, qty=9)
            allot(KIOSK, pk, 5)
        there = make_shop(pk=20, name="Harbour")
        for shop in Shop.objects.all():
            save_shop(shop)
        for name, shop in {"ada": None, "ben": Shop.objects.get(pk=SHOP), "cyd": there}.items():
            make_staff(name, shop=shop)
    synchronise(house.client)
    house.wire.said.clear()
    house.wire.asked.clear()
    return house


def first(count: int = 1):
    return list(Product.objects.order_by("pk")[:count])


def edit_product() -> int:
    Product.objects.filter(pk=first()[0].pk).update(tax_class="reduced", texts={})
    return 1


def delete_products() -> int:
    pks = [p.pk for p in first(2)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_product WHERE id IN (%s, %s)", pks)
    return 2


def insert_product_under_a_name_that_is_taken() -> int:
    there = first()[0]
    Product.objects.filter(pk=there.pk).update(sku="lost")
    Product.objects.create(pk=9_000, sku=there.sku, category_id=there.category_id)
    return 1  # and one is taken away


def edit_category() -> int:
    return Category.objects.update(names={"en": "Rolls"})


def lose_a_price() -> int:
    price = Price.objects.filter(to_version=None).first()
    Price.objects.filter(pk=price.pk).delete()
    return 1


def lose_a_book() -> int:
    Price.objects.filter(from_version=2).delete()
    PriceBook.objects.get(version=2).delete()
    return 1


def raise_a_grant() -> int:
    return Allotment.objects.filter(pk=Allotment.objects.first().pk).update(granted=50, taken=2)


def make_an_allotment() -> int:
    Allotment.objects.create(kiosk_id=KIOSK, epoch=1, product_id=first(9)[-1].pk, granted=7)
    return 0


def promote_somebody() -> int:
    return Staff.objects.filter(username="ben").update(is_superuser=True)


def make_an_administrator() -> int:
    Staff.objects.create(pk=9_000, username="eve", is_superuser=True, is_staff=True, password="md5$x$y")
    return 0


def rename_the_shop() -> int:
    return Shop.objects.filter(pk=SHOP).update(name="Elsewhere", currency="USD")


DAMAGE = [
    edit_product, delete_products, insert_product_under_a_name_that_is_taken, edit_category, lose_a_price, lose_a_book,
    raise_a_grant, make_an_allotment, promote_somebody, make_an_administrator, rename_the_shop,
]  # fmt: skip


def shape() -> dict[str, list]:
    """What counts of everything that the streams carry."""
    return {
        "categories": list(Category.objects.order_by("pk").values()),
        "products": list(Product.objects.filter(is_active=True).order_by("pk").values()),
        "prices": list(
            Price.objects.order_by("product", "from_version").values_list(
                "product", "from_version", "to_version", "unit_minor"
            )
        ),
        "books": list(PriceBook.objects.order_by("version").values_list("version", "valid_from", "published_at")),
        "stock": list(Allotment.objects.filter(granted__gt=0).values_list("epoch", "product", "granted")),
        "people": list(
            Staff.objects.filter(is_active=True).order_by("pk").values_list("pk", "username", "is_superuser")
        ),
        "shop": list(Shop.objects.filter(pk=SHOP).values("name", "currency")),
    }


def sent(house: House) -> tuple[int, int]:
    """How many rows came down: in pages, and in repairs."""
    told = [unpack_answer(answer.content) for answer in house.wire.said if answer.content]
    rows = [page.rows for answer in told for page in unpack_pages(answer.get("pages", []), kiosk_id=KIOSK)]
    repairs = [said for answer in told for said in answer.get("repair", {}).values() if len(said) == 3]
    mended = [unpack_page(page, kiosk_id=KIOSK).rows for _, _, page in repairs]
    return sum(map(len, rows)), sum(map(len, mended))


def test_both_sides_collect_the_same_of_every_stream_and_nothing_is_suspected(shop_open):
    verify_streams()

    assert set(SetDigest.objects.values_list("stream", flat=True)) == TABLES
    assert not Repair.objects.exists()
    assert {name for name in TABLES if Stream.objects.get(name=name).told} == TABLES
    report = synchronise(shop_open.client)
    assert (report.contacts, sent(shop_open)) == (1, (0, 0))


def test_staff_and_prices_of_another_shop_do_not_travel(house, shop_open):
    with house.cloud():
        make_staff("dan", shop=Shop.objects.get(pk=20))

    synchronise(house.client)

    assert sent(house) == (0, 0)
    assert not Staff.objects.filter(username="dan").exists()
    assert not Repair.objects.exists()


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_checksum_mismatch_sends_only_the_bad_rows(shop_open, damage):
    before = shape()
    bad = damage()
    assert shape() != before
    verify_streams()

    report = synchronise(shop_open.client)

    assert (shape(), report.failed) == (before, {})
    assert sent(shop_open) == (0, bad)
    assert report.contacts == 2
    assert not Repair.objects.exists()
    verify_streams()
    assert not Repair.objects.exists()


@pytest.mark.parametrize("damage", DAMAGE)
def test_control_without_the_digests_the_damage_stays(shop_open, damage):
    before = shape()
    damage()

    synchronise(shop_open.client)

    assert shape() != before
    assert sent(shop_open) == (0, 0)


def test_a_page_shows_what_is_wrong_before_the_day_is_over(shop_open):
    before = shape()
    edit_product()
    with shop_open.cloud():
        save_products([product(0, barcode="4006381333931")])

    synchronise(shop_open.client)

    after = shape()
    assert after["products"][0].pop("barcode") == "4006381333931"
    assert before["products"][0].pop("barcode") == ""
    assert after == before


def test_what_was_sold_meanwhile_is_never_touched(shop_open):
    raise_a_grant()
    verify_streams()

    synchronise(shop_open.client)

    row = Allotment.objects.first()
    assert (row.granted, row.taken) == (5, 2)


def test_a_restored_cloud_reloads_nothing_that_is_the_same(shop_open):
    """The copy is from before two changes, which the kiosk has seen: one new product, and a name."""
    with shop_open.cloud():
        older = list(Change.objects.values_list("pk", flat=True)), dict(Stream.objects.values_list("name", "seq"))
        save_products([product(99), product(1, texts={"en": {"name": "Crust"}})])
    synchronise(shop_open.client)
    shop_open.wire.said.clear()
    assert Product.objects.filter(sku="S99", is_active=True).exists()
    with shop_open.cloud():
        put_back(*older)
        restart_streams()
        there, ends_in = shape(), Stream.objects.get(name="catalogue").epoch

    report = synchronise(shop_open.client)

    assert report.failed == {}
    assert sent(shop_open) == (0, 1)
    assert ends_in > 1
    assert shape()["products"] == there["products"]
    assert {epoch for name, (epoch, _) in cursors().items() if name in TABLES} == {ends_in}
    assert not Repair.objects.exists()


def put_back(changes: list[int], ends: dict[str, int]) -> None:
    """What a copy of the cloud's database would have brought back."""
    Change.objects.exclude(pk__in=changes).delete()
    Product.objects.filter(sku="S99").delete()
    Product.objects.filter(sku="S1").update(texts={"en": {"name": "Loaf 1"}})
    for name, seq in ends.items():
        Stream.objects.filter(name=name).update(seq=seq)


def test_control_a_kiosk_without_a_cursor_reads_everything(shop_open):
    Stream.objects.filter(name="catalogue").delete()

    synchronise(shop_open.client)

    assert sent(shop_open) == (GOODS + 1, 0)


def test_a_kiosk_from_before_there_were_digests_asks_once_and_is_content(shop_open):
    for model in (RowDigest, SetDigest, Repair):
        model.objects.all().delete()
    Stream.objects.update(is_summed=False, told=None, verified_at=None)
    verify_streams(only_due=True)

    report = synchronise(shop_open.client)

    assert (report.failed, sent(shop_open)) == ({}, (0, 0))
    assert not Repair.objects.exists()
    assert report.contacts <= 3


def test_a_lost_answer_costs_a_contact_and_nothing_else(shop_open):
    before = shape()
    bad = edit_product()
    verify_streams()
    answers = []

    def lose_the_second(answer):
        answers.append(answer)
        if len(answers) == 2:
            raise requests.ConnectionError
        return answer

    shop_open.wire.on_the_way_down = lose_the_second
    with pytest.raises(CloudUnreachable):
        synchronise(shop_open.client)

    report = synchronise(shop_open.client)

    assert (shape(), report.contacts) == (before, 1)
    assert sent(shop_open) == (0, 2 * bad)


def test_a_repair_that_does_not_help_is_given_up_for_a_day_and_somebody_is_told(shop_open, monkeypatch, held_clock):
    edit_product()
    verify_streams()
    monkeypatch.setattr("edgeshop.catalog.streams.goods._upsert", lambda *_args: None)

    report = synchronise(shop_open.client)

    assert report.contacts <= 2 * 3
    assert Tally.objects.get(pk=DIVERGED).count == 1
    before = len(shop_open.wire.asked)
    assert synchronise(shop_open.client).contacts == 1
    assert len(shop_open.wire.asked) == before + 1
    monkeypatch.setattr(command, "CloudClient", lambda: shop_open.client)
    with pytest.raises(CommandError, match=r"sync\.diverged"):
        call_command("sync", verify=True)


def test_one_diverged_row_is_found_and_mended_in_two_small_questions(shop_open):
    edit_product()
    verify_streams()
    synchronise(shop_open.client)

    bodies = [len(from_address(a.path_url.partition("?")[2], a.body or b"")) for a in shop_open.wire.asked]
    assert len(bodies) == 2
    assert sum(bodies) + sum(len(answer.content) for answer in shop_open.wire.said) < 600


def test_a_kiosk_asks_about_its_own_stock_and_no_other_s(shop_open):
    with shop_open.cloud():
        at = Stream.objects.values_list("epoch", "seq").get(name=f"stock/{KIOSK}")
        question = {f"stock/{KIOSK}": [*at, 0, b"abcd"]}
        assert answer_repair(KIOSK, question) is not None
        assert answer_repair(KIOSK, {f"stock/{KIOSK + 1}": [*at, 0, b"abcd"]}) is None


@pytest.mark.parametrize("sums", [b"", b"odd", bytes(2 * 257)])
def test_what_is_no_question_about_buckets_is_refused(shop_open, sums):
    with shop_open.cloud():
        at = Stream.objects.values_list("epoch", "seq").get(name="catalogue")
        with pytest.raises(Malformed):
            answer_repair(KIOSK, {"catalogue": [*at, 0, sums]})


def test_a_book_s_number_that_a_restored_cloud_gives_again_means_on_its_kiosks_what_it_means_there(shop_open):
    there = first()[0].pk
    with shop_open.cloud():
        copy = transaction.atomic()
        copy.__enter__()
        lost = new_book({there: 777})
    synchronise(shop_open.client)
    assert prices(lost)[there] == 777
    with shop_open.cloud():
        transaction.set_rollback(True)
        copy.__exit__(None, None, None)
        restart_streams()
        assert new_book({there: 555}) == lost

    report = synchronise(shop_open.client)

    assert (report.failed, prices(lost)[there]) == ({}, 555)
    assert not Repair.objects.exists()


def wire_bytes(house: House) -> int:
    """Everything of the requests and answers, but the date and server lines that a web server adds."""

    def size(first_line: str, headers, body: bytes) -> int:
        lines = [first_line, *(f"{name}: {value}" for name, value in headers.items()), ""]
        return len("\r\n".join(lines)) + 2 + len(body or b"")

    up = sum(size(f"{a.method} {a.path_url} HTTP/1.1", a.headers, a.body) for a in house.wire.asked)
    return up + sum(size(f"HTTP/1.1 {b.status_code} OK", b.headers, b.content) for b in house.wire.said)


def test_one_diverged_product_of_ten_thousand_costs_less_than_2500_bytes_on_the_wire(shop_open):
    with shop_open.cloud():
        save_products([product(n) for n in range(GOODS, 10_000)])
    synchronise(shop_open.client)
    edit_product()
    verify_streams()
    shop_open.wire.asked.clear()
    shop_open.wire.said.clear()

    report = synchronise(shop_open.client)

    assert (report.contacts, sent(shop_open), Repair.objects.exists()) == (2, (0, 1), False)
    assert wire_bytes(shop_open) <= 2_500
