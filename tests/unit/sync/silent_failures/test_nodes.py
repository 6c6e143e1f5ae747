"""A third node that never hears, and a bill for what has not changed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction

from edgeshop.catalog.models import Category, Product
from edgeshop.catalog.services.goods import CategoryData, ProductData, save_categories, save_products
from edgeshop.journal import registry
from edgeshop.journal.services import append, apply_page, changes, cursors, page, sequence
from edgeshop.sync.services import synchronise
from edgeshop.sync.services.feed import pack_page, unpack_page
from edgeshop.sync.services.wire import pack_answer, unpack_answer
from tests.factories.fleet import SHOP, House, another_database, make_kiosk, make_shop, on_node

pytestmark = [pytest.mark.unit, pytest.mark.django_db(transaction=True)]
KIND, NEIGHBOUR = "test.renamed.v1", 13


class Neighbour:
    """Another kiosk of the shop, which reads the same streams into a database of its own."""

    def __init__(self, house: House, database: Any) -> None:
        self._house, self._database = house, database
        with self():
            make_kiosk(make_shop(), pk=NEIGHBOUR, is_self=True)

    def __call__(self) -> AbstractContextManager[None]:
        return on_node(self._database, is_ledger=False)

    def read(self) -> None:
        """A contact, as far as the catalogue goes."""
        with self():
            epoch, seq = cursors().get("catalogue", (0, 0))
        with self._house.cloud():
            sequence()
            found = page(stream="catalogue", epoch=epoch, seq=seq, limit=100, audience=SHOP)
            data = pack_answer({"pages": [pack_page(found)] if found else []})
        with self():
            for said in unpack_answer(data)["pages"]:
                apply_page(unpack_page(said, kiosk_id=NEIGHBOUR))

    def names(self) -> list[str]:
        with self():
            return [product.name() for product in Product.objects.order_by("pk")]


@pytest.fixture(scope="module")
def third_database(django_db_setup, django_db_blocker) -> Iterator[Any]:
    with django_db_blocker.unblock(), another_database() as wrapper:
        yield wrapper


@pytest.fixture
def neighbour(house, third_database) -> Iterator[Neighbour]:
    with on_node(third_database, is_ledger=False):
        held = transaction.atomic()
        held.__enter__()
    yield Neighbour(house, third_database)
    with on_node(third_database, is_ledger=False):
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


@pytest.fixture
def shelf(house, monkeypatch) -> House:
    """Two products in the cloud; a fact of a kiosk may rename the first."""
    with house.cloud():
        save_categories([CategoryData(slug="bread", position=1, names={"en": "Bread"})])
        name("Rye", "Oat")
    monkeypatch.setitem(registry._handlers, KIND, lambda _fact, body: name(body["name"], "Oat") or registry.Outcome())
    return house


def name(*names: str) -> None:
    shelf = Category.objects.get().pk
    save_products([ProductData(f"S{n}", shelf, {"en": {"name": said}}) for n, said in enumerate(names)])


def tell(house: House, said: str) -> None:
    with transaction.atomic():
        append(KIND, {"name": said})
    synchronise(house.client)


@pytest.mark.parametrize("is_new", [True, False])
def test_what_one_kiosk_tells_reaches_every_other_one(shelf, neighbour, is_new):
    if not is_new:
        neighbour.read()

    tell(shelf, "Sourdough")
    neighbour.read()

    assert neighbour.names() == ["Sourdough", "Oat"]


def test_control_a_change_that_nobody_marks_does_not(shelf, neighbour, monkeypatch):
    neighbour.read()
    monkeypatch.setattr("edgeshop.catalog.services.goods.changes", lambda *_keys, **_fields: None)

    tell(shelf, "Sourdough")
    neighbour.read()

    assert neighbour.names() == ["Rye", "Oat"]


def bytes_for_one_name(house: House, *, as_whole: bool) -> int:
    """What comes down when one name of two hundred changes; `as_whole`: as whole rows of the whole table."""
    with house.cloud():
        name(*(f"Loaf of rye and oats number {n}" for n in range(200)))
    synchronise(house.client)
    with house.cloud():
        name("Crust", *(f"Loaf of rye and oats number {n}" for n in range(1, 200)))
        if as_whole:
            changes("catalogue", *(f"p{pk}" for pk in Product.objects.values_list("pk", flat=True)))
    synchronise(house.client)
    return len(house.wire.said[-1].content)


def test_one_name_that_changes_does_not_send_the_table_again(shelf):
    assert bytes_for_one_name(shelf, as_whole=False) < 120


def test_control_page_by_page_it_would(shelf):
    assert bytes_for_one_name(shelf, as_whole=True) > 5 * 120
