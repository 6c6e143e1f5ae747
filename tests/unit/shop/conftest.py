"""A till in its shop, with goods and prices, and a clock that stands still."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import edgeshop.urls  # noqa: F401 -- it asks for the role once; read in a kiosk's test first, it would be a kiosk's for all
from edgeshop.fleet import boot
from edgeshop.fleet.models import Kiosk
from edgeshop.journal import services as journal
from tests.factories.checkout import HeldClock, open_shop
from tests.factories.shop import forget


@pytest.fixture
def kiosk(db: None, held_clock: HeldClock, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kiosk:
    """The till, enrolled in epoch 1: Apple, Bread, Clock and Doll on one shelf, book 1."""
    settings.EDGESHOP = replace(settings.EDGESHOP, is_ledger=False, state_dir=tmp_path)
    settings.ROOT_URLCONF = "tests.unit.shop.kiosk_urls"
    # Nothing is ever committed in these tests, so the head file stays behind, and a start would see a restored disk.
    monkeypatch.setattr(boot, "look_back", lambda: None)
    forget()
    till = open_shop(is_self=True)
    journal.open_chain(device_id=till.pk, epoch=1)
    return till
