"""A till in its shop, a cloud in a database of its own, and a clock that stands still."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from edgeshop.checkout.enums import Purpose
from edgeshop.fleet import boot
from edgeshop.fleet.models import Kiosk
from edgeshop.journal import services as journal
from edgeshop.settings.knobs import TEST
from tests.factories.checkout import (
    APPLE,
    BREAD,
    CLOCK,
    Browser,
    Cloud,
    HeldClock,
    on_database,
    open_shop,
    stock_cloud,
    stock_kiosk,
)

STOCK = {APPLE: 100, BREAD: 100, CLOCK: 3}


@pytest.fixture
def kiosk(db: None, held_clock: HeldClock, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kiosk:
    """The till: enrolled in epoch 1, stocked, without a grant. Screens on its own box admit themselves."""
    settings.EDGESHOP = replace(
        settings.EDGESHOP,
        is_ledger=False,
        state_dir=tmp_path,
        checkout=replace(settings.EDGESHOP.checkout, admit="loopback", limits=TEST, fleet_window_max=10**9),
    )
    # Nothing is ever committed in these tests, so the head file stays behind, and a start would see a restored disk.
    monkeypatch.setattr(boot, "look_back", lambda: None)
    settings.ROOT_URLCONF = "tests.unit.checkout.kiosk_urls"
    till = open_shop(is_self=True)
    journal.open_chain(device_id=till.pk, epoch=1)
    stock_kiosk(STOCK)
    return till


@pytest.fixture(scope="session")
def second_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Another migrated SQLite database, in memory, opened once."""
    wrapper = connections.create_connection("default")
    wrapper.settings_dict = {**wrapper.settings_dict, "NAME": ":memory:"}
    with django_db_blocker.unblock(), on_database(wrapper):
        call_command("migrate", verbosity=0)
    yield wrapper
    with django_db_blocker.unblock():
        wrapper.close()


@pytest.fixture
def cloud(kiosk: Kiosk, second_database: Any) -> Iterator[Cloud]:
    """The ledger, with the same shop, goods and prices; it forgets everything after the test."""
    node = Cloud(second_database)
    with node(), transaction.atomic():
        open_shop(is_self=False)
        stock_cloud(STOCK)
    yield node
    with node():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def till(kiosk: Kiosk, cloud: Cloud) -> Kiosk:
    """The till with a grant."""
    cloud.grant()
    return kiosk


@pytest.fixture
def ada(till: Kiosk) -> Browser:
    """Ada's screen: a seat and three tokens."""
    browser = Browser().sit()
    browser.fetch_tokens(3)
    return browser


@pytest.fixture
def bea(till: Kiosk) -> Browser:
    """Bea's screen, beside Ada's."""
    browser = Browser().sit()
    browser.fetch_tokens(3)
    return browser


@pytest.fixture
def phone(till: Kiosk) -> Browser:
    """A shopper's own phone."""
    return Browser(purpose=Purpose.PHONE, address="192.0.2.7").sit()
