"""A shop, its kiosk and goods on its shelves; and a second database, so that cloud and kiosk are two."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from edgeshop.catalog.models import (
    Allotment,
    Category,
    DraftPrice,
    Price,
    PriceBook,
    Product,
    Share,
    StockLevel,
)
from edgeshop.catalog.services import draft_book, publish, set_prices
from edgeshop.fleet.models import Kiosk, Shop
from edgeshop.journal.models import Change, Stream

Goods = Callable[..., list[Product]]
Publish = Callable[..., int]


@pytest.fixture
def shop(db: None) -> Shop:
    """Prices in euro that include tax."""
    return Shop.objects.create(name="Corner", currency="EUR", languages=["en", "de"], default_language="en")


@pytest.fixture
def kiosk(shop: Shop) -> Kiosk:
    """The kiosk we are, in epoch 1."""
    return Kiosk.objects.create(shop=shop, name="Till", epoch=1, is_self=True)


@pytest.fixture
def on_kiosk(kiosk: Kiosk, settings: Any) -> Kiosk:
    """The same kiosk on a node that does not own the truth."""
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    return kiosk


def make_goods(count: int = 1, **fields: Any) -> list[Product]:
    """Products on one shelf, called Thing 1 and so on."""
    shelf, _ = Category.objects.get_or_create(slug="things", defaults={"names": {"en": "Things"}})
    first = Product.objects.count() + 1
    return [
        Product.objects.create(**{"category": shelf, "sku": f"T{n}", "texts": {"en": {"name": f"Thing {n}"}}} | fields)
        for n in range(first, first + count)
    ]


def make_book(shop: Shop, prices: Sequence[int], products: Sequence[Product], **fields: Any) -> int:
    """A published book that sells the products at these prices."""
    draft = draft_book(**{"shop_id": shop.pk, "rates": {"standard": 1900, "reduced": 700}} | fields)
    set_prices(draft_id=draft, prices={p.pk: unit for p, unit in zip(products, prices, strict=True)})
    return publish(draft)


@pytest.fixture
def goods(db: None) -> Goods:
    """Makes products."""
    return make_goods


@pytest.fixture
def sell_at(shop: Shop) -> Publish:
    """Publishes a book of the shop: `sell_at([100, 250], products)`."""
    return lambda prices, products, **fields: make_book(shop, prices, products, **fields)


@pytest.fixture(scope="session")
def second_database(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Another migrated SQLite database, in memory, opened once."""
    wrapper = connections.create_connection("default")
    wrapper.settings_dict = {**wrapper.settings_dict, "NAME": ":memory:"}
    with django_db_blocker.unblock(), swapped(wrapper):
        call_command("migrate", verbosity=0)
    yield wrapper
    with django_db_blocker.unblock():
        wrapper.close()


@contextmanager
def swapped(wrapper: Any) -> Iterator[None]:
    """Let the services work on another database: a second node in the same process."""
    first = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = first


def wipe() -> None:
    """Empty every table that the shelves stand on."""
    for model in (DraftPrice, Price, PriceBook, Share, Allotment, StockLevel, Product, Category, Kiosk, Shop):
        model.objects.all().delete()
    for other in (Change, Stream):
        other.objects.all().delete()


@pytest.fixture(name="wipe")
def wipe_fixture() -> Callable[[], None]:
    """Empties every table that the shelves stand on."""
    return wipe


@pytest.fixture
def on_second_node(second_database: Any, db: None) -> Callable[[], AbstractContextManager[None]]:
    """`with on_second_node():` what happens inside happens on the other node, which is empty at first."""
    with swapped(second_database):
        wipe()
    return lambda: swapped(second_database)
