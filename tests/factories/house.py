"""A house: a cloud with a database of its own, and a box that is its kiosk."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgeshop.fleet.models import Kiosk, Shop
from tests.factories.fleet import House, another_database, enrolled_house, make_kiosk, make_shop


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop."""
    return make_shop()


@pytest.fixture
def kiosk(shop: Shop) -> Kiosk:
    """A kiosk that no box speaks for yet."""
    return make_kiosk(shop)


@pytest.fixture(scope="session")
def second_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The cloud's database, opened once."""
    with django_db_blocker.unblock(), another_database() as wrapper:
        yield wrapper


@pytest.fixture
def house(db: None, second_database: Any, settings: Any, tmp_path: Path) -> Iterator[House]:
    """A box enrolled as the kiosk of a cloud that forgets everything after the test."""
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)
    with enrolled_house(second_database) as house:
        yield house
