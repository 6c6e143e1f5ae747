"""The till of the unit tests; a ledger on PostgreSQL; and a till on a file that many threads sell on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from edgeshop.journal import services as journal
from edgeshop.settings.knobs import TEST
from tests.factories.checkout import APPLE, BREAD, CLOCK, Cloud, on_database, open_shop, stock_cloud, stock_kiosk
from tests.integration.catalog.conftest import on_postgresql, postgresql  # noqa: F401 -- fixtures
from tests.unit.checkout.conftest import ada, bea, kiosk, till  # noqa: F401 -- fixtures

Connected = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def cloud(kiosk: Any, on_postgresql: Connected) -> Iterator[Cloud]:  # noqa: F811 -- the fixtures above
    """The ledger on PostgreSQL; it forgets everything after the test."""
    with on_postgresql():
        wrapper: Any = connections["default"]
        call_command("flush", verbosity=0, interactive=False)
    node = Cloud(wrapper)
    with node():
        open_shop(is_self=False)
        stock_cloud({APPLE: 100, BREAD: 100, CLOCK: 3})
    yield node
    wrapper.close()


@pytest.fixture
def on_file(settings: Any, tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Connected]:
    """`with on_file():` gives this thread its own connection to a kiosk whose database is a file, as in a shop."""
    settings.EDGESHOP = replace(
        settings.EDGESHOP,
        is_ledger=False,
        state_dir=tmp_path,
        checkout=replace(settings.EDGESHOP.checkout, admit="loopback", limits=TEST, fleet_window_max=10**9),
    )

    @contextmanager
    def connected() -> Iterator[None]:
        wrapper = connections.create_connection("default")
        wrapper.settings_dict = {**wrapper.settings_dict, "NAME": str(tmp_path / "kiosk.sqlite3")}
        with on_database(wrapper):
            try:
                yield
            finally:
                wrapper.close()

    with django_db_blocker.unblock():
        with connected():
            call_command("migrate", verbosity=0)
            till = open_shop(is_self=True)
            journal.open_chain(device_id=till.pk, epoch=1)
            stock_kiosk({APPLE: 1_000, BREAD: 1_000, CLOCK: 1})
        yield connected
