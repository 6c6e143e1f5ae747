"""Files that are fetched go on, whatever the cloud has changed, forgotten or become meanwhile; no bytes come twice."""

import pytest
import requests

from edgeshop.catalog.models import Allotment, Price, Product
from edgeshop.catalog.queries import current_book, prices
from edgeshop.catalog.services import allot, receive_stock, save_products
from edgeshop.journal.models import Repair, Stream
from edgeshop.journal.services import changes, cursors, restart_streams, verify_streams
from edgeshop.sync.models import Download
from edgeshop.sync.services import fetch_bundles, progress, synchronise
from edgeshop.sync.services.bundle_files import folder
from edgeshop.sync.services.repair import ask_repair, is_under_way
from edgeshop.sync.services.wire import unpack_answer
from tests.factories.bundles import COUNT, begin, fetch_one, forget, product, publish_prices, wanted
from tests.factories.fleet import KIOSK, SHOP

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
TOLD = ["catalogue", "prices", f"stock/{KIOSK}"]


@pytest.fixture
def begun(large):
    """A kiosk that has all but the last byte of the file that selling needs. One thing has no price."""
    with large.cloud():
        shelf = Product.objects.first().category_id
        save_products([product(COUNT, shelf)])
    synchronise(large.client)
    core = Download.objects.get(group="core")
    begin(core.name, core.size - 1)
    large.wire.asked.clear()
    large.wire.said.clear()
    return large


def change_everything(house) -> None:
    """A name, a price, stock, a thing that is new and one that is gone."""
    with house.cloud():
        one = Product.objects.get(sku="s3")
        save_products([product(3, one.category_id, texts={"en": {"name": "New"}}), product(99, one.category_id)])
        publish_prices({one.pk: 999})
        receive_stock(shop_id=SHOP, product_id=one.pk, qty=9)
        allot(KIOSK, one.pk, 5)
        gone = Product.objects.get(sku=f"s{COUNT}")
        changes("catalogue", f"p{gone.pk}")
        gone.delete()


def goods(house=None):
    """What is sold, at which prices and from which stock."""
    if house is not None:
        with house.cloud():
            return goods()
    rows = list(Product.objects.filter(is_active=True).order_by("pk").values())
    stock = list(Allotment.objects.order_by("product").values_list("product", "granted"))
    return rows, prices(current_book(SHOP)), stock


def mended() -> int:
    """How often a repair has put rows right."""
    return sum(Stream.objects.values_list("mends", flat=True))


def offers(house) -> list[list[str]]:
    """The groups of files that were offered."""
    told = [unpack_answer(a.content) for a in house.wire.said if "/sync" in a.url and a.content]
    return [[group for group, _, _ in said["bundles"]] for said in told if "bundles" in said]


def test_a_file_under_way_goes_on_after_changes_and_pages_bring_what_they_are(begun):
    before = wanted()
    change_everything(begun)

    synchronise(begun.client)
    assert (wanted(), offers(begun)) == (before, [])
    fetch_bundles(begun.client)
    synchronise(begun.client)

    ranges = [a.headers.get("Range") for a in begun.wire.asked if before["core"] in a.url]
    assert ranges == [f"bytes={(folder() / before['core']).stat().st_size - 1}-"]
    assert goods() == goods(begun)
    assert not Product.objects.get(sku=f"s{COUNT}").is_active
    assert (mended(), Repair.objects.count()) == (0, 0)


def test_a_file_under_way_goes_on_when_its_cloud_was_put_back(begun):
    """The copy is from before a product that the file has: only that one is mended."""
    before = wanted()
    with begun.cloud():
        Product.objects.get(sku=f"s{COUNT}").delete()
        restart_streams()
        ends_in = Stream.objects.get(name="catalogue").epoch

    synchronise(begun.client)
    assert wanted() == before
    fetch_bundles(begun.client)
    synchronise(begun.client)

    assert goods() == goods(begun)
    assert {epoch for name, (epoch, _) in cursors().items() if name in TOLD} == {ends_in}
    assert (mended(), Repair.objects.count()) == (1, 0)


def test_files_of_a_cloud_that_was_put_back_without_them_are_offered_anew(begun):
    before = wanted()
    with begun.cloud():
        restart_streams()
    forget(begun, *before.values())

    synchronise(begun.client)
    fetch_bundles(begun.client)
    synchronise(begun.client)

    assert wanted() == {}
    assert goods() == goods(begun)
    assert mended() == 0


def test_a_file_that_the_cloud_has_forgotten_is_offered_anew(begun):
    before = wanted()
    change_everything(begun)
    forget(begun, before["core"])
    assert fetch_bundles(begun.client) == 0  # nothing is taken out of its order

    synchronise(begun.client)
    assert wanted()["core"] != before["core"]
    fetch_bundles(begun.client)
    synchronise(begun.client)

    assert goods() == goods(begun)
    assert mended() == 0


def test_what_has_come_of_files_that_are_not_wanted_any_more_takes_no_room(begun):
    before = wanted()
    change_everything(begun)
    forget(begun, before["core"])
    synchronise(begun.client)

    fetch_one(begun)

    assert (folder() / f"{wanted()['text']}.part").exists()  # the next one, just begun
    assert not (folder() / f"{before['core']}.part").exists()
    assert set(wanted()) == {"text", "text-de"}


@pytest.mark.parametrize("have", ["core", "core, text"])
def test_a_text_that_the_cloud_has_forgotten_comes_as_a_file_again_and_nothing_else_does(begun, have):
    for _ in have.split(", "):
        fetch_one(begun)
    still, at = wanted(), progress()
    forget(begun, still["text-de"])
    change_everything(begun)
    begun.wire.said.clear()

    synchronise(begun.client)
    after, moved = progress(), wanted()
    fetch_bundles(begun.client)
    synchronise(begun.client)

    assert offers(begun) == [["text", "text-de"]]
    assert list(moved) == list(still)
    assert after.got == at.got
    assert moved["text-de"] != still["text-de"]
    assert goods() == goods(begun)
    assert mended() == 0


def test_a_file_that_is_refused_for_another_reason_is_still_wanted(begun):
    before = wanted()

    def refuse(response: requests.Response) -> requests.Response:
        response.status_code = 502
        return response

    begun.wire.on_the_way_down = refuse
    assert fetch_bundles(begun.client) == 0
    begun.wire.on_the_way_down = lambda response: response

    assert wanted() == before
    assert fetch_bundles(begun.client) == 3


def test_prices_are_mended_while_texts_are_still_to_come(begun):
    fetch_one(begun)
    Price.objects.filter(pk=Price.objects.first().pk).delete()
    verify_streams()

    report = synchronise(begun.client)

    assert report.failed == {}
    with begun.cloud():
        there = prices(current_book(SHOP))
    assert prices(current_book(SHOP)) == there
    assert [repair.stream for repair in Repair.objects.all()] == ["catalogue"]
    assert (ask_repair(), is_under_way()) == (None, False)  # what is still to come is not asked for
    assert set(wanted()) == {"text", "text-de"}
