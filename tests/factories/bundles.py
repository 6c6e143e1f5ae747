"""A house whose catalogue is more than pages should carry, and a kiosk that has nothing of it."""

from dataclasses import replace
from typing import Any

import pytest
import requests

from edgeshop.catalog.services import (
    CategoryData,
    ProductData,
    draft_book,
    publish,
    save_categories,
    save_products,
    set_prices,
)
from edgeshop.sync.models import Download
from edgeshop.sync.services import fetch_bundles
from edgeshop.sync.services.bundle_files import folder
from tests.factories.fleet import SHOP, House

COUNT = 30


@pytest.fixture
def large(house: House, settings: Any) -> House:
    """The house. Both sides keep their files in one folder, under names of their own."""
    settings.EDGESHOP = replace(settings.EDGESHOP, sync=replace(settings.EDGESHOP.sync, page_rows_max=10))
    with house.cloud():
        shelf = save_categories([CategoryData("things", 0, {"en": "Things"})])["things"]
        ids = save_products([product(n, shelf) for n in range(COUNT)])
        publish_prices({pk: 100 + n for n, pk in enumerate(sorted(ids.values()))})
    return house


def product(n: int, shelf: int, **changed: Any) -> ProductData:
    """A product in two languages."""
    english = {"name": f"Thing {n}", "description": f"The thing that is number {n}."}
    texts = {"en": english, "de": {"name": f"Ding {n}", "description": f"Das Ding Nummer {n}."}}
    return ProductData(sku=f"s{n}", category_id=shelf, **({"texts": texts, "changed_at": 1_700_000_000 + n} | changed))


def publish_prices(told: dict[int, int]) -> None:
    """Another price book."""
    draft = draft_book(shop_id=SHOP, rates={"standard": 1900})
    set_prices(draft_id=draft, prices=told)
    publish(draft)


def fetch_one(house: House) -> None:
    """The first of what is wanted; the link fails after that."""
    asked: list[int] = []

    def once(_request: requests.PreparedRequest) -> None:
        if asked:
            raise requests.ConnectionError
        asked.append(1)

    house.wire.on_the_way_up = once
    fetch_bundles(house.client)
    house.wire.on_the_way_up = lambda _request: None


def wanted() -> dict[str, str]:
    """The names of the files that are still to come, by group, in their order."""
    return dict(Download.objects.order_by("place").values_list("group", "name"))


def begin(name: str, size: int) -> None:
    """The first bytes of a file have come."""
    whole = (folder() / name).read_bytes()
    (folder() / f"{name}.part").write_bytes(whole[:size])


def forget(house: House, *names: str) -> None:
    """The cloud has not kept these files."""
    with house.cloud():
        for name in names:
            (folder() / name).unlink()
