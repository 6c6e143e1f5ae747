"""A new kiosk begins with files: what sells comes first, what broke off goes on, and nothing newer is overwritten."""

import pytest

from edgeshop.catalog.models import Product
from edgeshop.catalog.queries import current_book, prices
from edgeshop.catalog.services import save_products
from edgeshop.fleet.services.remarks import remarks_on
from edgeshop.sync.models import Download
from edgeshop.sync.services import fetch_bundles, first_sync, progress, synchronise
from edgeshop.sync.services.bundle_files import folder
from edgeshop.sync.services.first import remark_on, worded
from tests.factories.bundles import COUNT, fetch_one, forget, product, wanted
from tests.factories.fleet import KIOSK, SHOP

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]


def test_what_sells_comes_first_and_the_rest_in_its_order(large):
    synchronise(large.client)
    assert [row.group for row in Download.objects.order_by("place")] == ["core", "text", "text-de"]
    assert not Product.objects.exists()

    fetch_one(large)

    one = Product.objects.get(sku="s7")
    assert (Product.objects.count(), one.name(), one.texts, one.changed_at) == (
        COUNT,
        "Thing 7",
        {"en": {"name": "Thing 7"}},
        None,
    )
    assert prices(current_book(SHOP))[one.pk] == 107
    fetch_bundles(large.client)
    with large.cloud():
        there = list(Product.objects.order_by("pk").values())
    assert list(Product.objects.order_by("pk").values()) == there
    assert progress() is None
    assert list(folder().glob("*.part")) == []


def test_progress_says_how_far_it_is(large):
    synchronise(large.client)
    before = progress()

    fetch_one(large)

    after = progress()
    assert (before.got, before.groups, after.groups) == (0, ("core", "text", "text-de"), ("text", "text-de"))
    assert before.size == after.size
    assert 0 < after.got < after.size


def test_a_new_kiosk_says_how_far_it_is_and_sells_before_it_has_everything(large):
    empty = first_sync()
    synchronise(large.client)
    begun = first_sync()
    fetch_one(large)
    some = first_sync()
    fetch_bundles(large.client)

    assert (empty.have, empty.of, empty.is_sellable, worded(empty)) == (
        0, 0, False, "nothing has come yet; cannot sell yet",
    )  # fmt: skip
    assert (begun.have, begun.is_sellable, begun.share_pct) == (0, False, 0)
    assert (some.is_sellable, some.to_come, some.of) == (True, ("text", "text-de"), begun.of)
    assert 0 < some.share_pct < 100
    assert worded(some).endswith("%), sells already; to come: text, text-de")
    assert first_sync() is None


def test_bytes_that_came_of_a_file_count_too(large):
    synchronise(large.client)
    whole, heard = first_sync().of, []

    fetch_bundles(large.client, lambda: heard.append(first_sync().have))

    assert heard == sorted(heard)
    assert len(heard) >= 3
    assert heard[-1] <= whole


def test_the_cloud_tells_what_a_new_kiosk_still_fetches_at_no_byte_more(large):
    synchronise(large.client)
    fetch_one(large)
    synchronise(large.client)
    with large.cloud():
        during = remark_on(KIOSK)
    fetch_bundles(large.client)
    synchronise(large.client)

    with large.cloud():
        assert remarks_on(KIOSK) == []
    assert during.startswith("A first synchronisation is under way: 2 files are to come, ")


def test_the_cloud_tells_no_size_of_files_that_it_does_not_have_any_more(large):
    synchronise(large.client)
    fetch_one(large)
    synchronise(large.client)
    forget(large, wanted()["text-de"])

    with large.cloud():
        assert remark_on(KIOSK) == "A first synchronisation is under way: 2 files are to come."


def test_files_are_not_offered_again_while_they_are_fetched_and_pages_of_theirs_wait(large):
    synchronise(large.client)
    before = wanted()

    report = synchronise(large.client)

    assert wanted() == before
    assert report.streams == set()
    assert not Product.objects.exists()


def test_what_has_changed_since_is_not_overwritten_by_what_comes_later(large):
    synchronise(large.client)
    fetch_one(large)
    with large.cloud():
        shelf = Product.objects.get(sku="s3").category_id
        save_products(
            [product(3, shelf, texts={"en": {"name": "New", "description": "Newer."}}, changed_at=1_800_000_000)]
        )

    report = synchronise(large.client)
    fetch_bundles(large.client)

    three = Product.objects.get(sku="s3")
    assert report.streams == {"catalogue"}
    assert (three.texts["en"], three.changed_at) == ({"name": "New", "description": "Newer."}, 1_800_000_000)
    assert Product.objects.get(sku="s4").description() == "The thing that is number 4."


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_a_file_that_broke_off_goes_on_where_it_stopped(large, knows_ranges):
    synchronise(large.client)
    core = Download.objects.get(group="core")
    with large.cloud():
        whole = (folder() / core.name).read_bytes()
    folder().mkdir(exist_ok=True)
    (folder() / f"{core.name}.part").write_bytes(whole[:100])
    large.wire.on_the_way_up = lambda request: None if knows_ranges else request.headers.pop("Range", None)

    fetch_bundles(large.client)

    sizes = [len(a.content) for r, a in zip(large.wire.asked, large.wire.said, strict=True) if core.name in r.url]
    assert sizes == [len(whole) - 100 if knows_ranges else len(whole)]
    assert Product.objects.count() == COUNT


def test_something_else_in_its_place_is_thrown_away_and_fetched_again(large):
    synchronise(large.client)
    core = Download.objects.get(group="core")
    folder().mkdir(exist_ok=True)
    (folder() / f"{core.name}.part").write_bytes(b"x" * 100)

    assert fetch_bundles(large.client) == 0
    assert not Product.objects.exists()

    assert fetch_bundles(large.client) == 3
    assert Product.objects.count() == COUNT


@pytest.mark.parametrize("name", ["x", "0" * 64, "../../" + "0" * 58, "A" * 64])
def test_other_names_are_not_there(client, name):
    assert client.get(f"/bundles/{name}").status_code == 404


def test_a_range_beyond_the_end_is_refused(large, client):
    synchronise(large.client)
    name = Download.objects.get(group="core").name
    with large.cloud():
        assert client.get(f"/bundles/{name}", headers={"Range": "bytes=99999999-"}).status_code == 416
        assert client.get(f"/bundles/{name}", headers={"Range": "bytes=-5"}).status_code == 200
