"""Pictures come last, by name, and never in the way of a sale."""

import hashlib

import pytest
import requests

from edgeshop.catalog import media
from edgeshop.catalog.models import Category, Product
from edgeshop.journal.services import append
from edgeshop.sync.services import fetch_pictures

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
PICTURES = [f'<svg xmlns="http://www.w3.org/2000/svg"><!--{n}--></svg>'.encode() for n in range(3)]
NAMES = [hashlib.sha256(data).hexdigest() for data in PICTURES]


@pytest.fixture
def kiosk(house, settings, tmp_path, monkeypatch):
    """A kiosk that knows of three pictures and has none; the cloud has them in a folder of its own."""
    shelf = Category.objects.create(slug="things", names={"en": "Things"})
    for number, name in enumerate(NAMES):
        Product.objects.create(category=shelf, sku=f"T{number}", image_sha256=name, texts={"en": {"name": "T"}})
    Product.objects.create(category=shelf, sku="bare", texts={"en": {"name": "T"}})
    served = dict(zip(NAMES, PICTURES, strict=True))

    def answer(request, *_args, **_options):
        house.wire.asked.append(request)
        found = served.get(request.path_url.rpartition("/")[2])
        response = requests.Response()
        response.status_code, response._content = (200, found) if found is not None else (404, b"{}")
        return response

    monkeypatch.setattr(house.wire, "send", answer)
    house.served = served
    return house


def here() -> list[str]:
    return [name for name in NAMES if name not in media.absent(NAMES)]


def test_what_the_catalogue_names_and_we_lack_is_fetched_once(kiosk):
    assert (fetch_pictures(kiosk.client), fetch_pictures(kiosk.client)) == (3, 0)

    assert here() == NAMES
    assert len(kiosk.wire.asked) == 3


def test_a_picture_the_cloud_lacks_holds_up_no_other(kiosk):
    del kiosk.served[NAMES[0]]

    assert fetch_pictures(kiosk.client) == 2
    assert here() == NAMES[1:]


def test_what_is_no_picture_holds_up_no_other(kiosk):
    text = b"not a picture"
    Product.objects.filter(sku="T0").update(image_sha256=hashlib.sha256(text).hexdigest())
    kiosk.served[hashlib.sha256(text).hexdigest()] = text

    assert fetch_pictures(kiosk.client) == 2


def test_a_hotspot_that_answers_everything_leaves_nothing_behind(kiosk, tmp_path):
    kiosk.served.update(dict.fromkeys(NAMES, b"<svg>Welcome to our Wi-Fi</svg>"))

    assert fetch_pictures(kiosk.client) == 0

    assert len(kiosk.wire.asked) == 1
    assert not (tmp_path / "media").exists()


def test_a_sale_that_waits_goes_before_pictures(kiosk):
    append("test.sold.v1", {})

    assert fetch_pictures(kiosk.client) == 0
    assert kiosk.wire.asked == []


def test_pictures_wait_for_a_better_link(kiosk, monkeypatch):
    def fail(*_args, **_options):
        raise requests.ConnectionError

    monkeypatch.setattr(kiosk.wire, "send", fail)

    assert fetch_pictures(kiosk.client) == 0
