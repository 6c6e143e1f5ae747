"""Both nodes with something to answer: a kiosk with goods, a sale and a table; a cloud with a shop."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgeshop.fleet import boot
from edgeshop.journal import services as journal
from tests.factories.checkout import APPLE, BREAD, HeldClock, open_shop
from tests.factories.shop import forget, install_table, sold


@pytest.fixture
def _still(
    db: None, held_clock: HeldClock, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> HeldClock:
    """A state folder of its own, and a clock that stands still."""
    settings.EDGESHOP = replace(settings.EDGESHOP, state_dir=tmp_path)
    monkeypatch.setattr(boot, "look_back", lambda: None)  # nothing is ever committed, which would look like a restore
    forget()
    return held_clock


@pytest.fixture
def kiosk(_still: HeldClock, settings: Any) -> None:
    """A till that has sold an apple."""
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False)
    settings.ROOT_URLCONF = "tests.unit.shop.kiosk_urls"
    till = open_shop(is_self=True)
    journal.open_chain(device_id=till.pk, epoch=1)
    install_table([BREAD, APPLE])
    sold(APPLE, at=_still.at)


@pytest.fixture
def cloud(_still: HeldClock, settings: Any) -> None:
    """The ledger of the same shop."""
    settings.ROOT_URLCONF = "tests.unit.api.cloud_urls"
    open_shop(is_self=False)
