"""A shop with a kiosk, time that stands still, and a push service in place of the internet."""

from dataclasses import replace
from typing import Any

import pytest

from edgeshop.fleet.models import Kiosk
from edgeshop.push.services import deliver
from tests.factories.checkout import HeldClock
from tests.factories.fleet import make_kiosk, make_shop
from tests.factories.push import PushService


@pytest.fixture
def kiosk(db: None, held_clock: HeldClock) -> Kiosk:
    """A kiosk in its shop."""
    return make_kiosk(make_shop())


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, settings: Any) -> PushService:
    """What answers at every push endpoint."""
    service = PushService()

    class Wired(deliver._Direct):
        def __init__(self) -> None:
            super().__init__()
            self.mount("https://", service)

    monkeypatch.setattr(deliver, "_Direct", Wired)
    settings.EDGESHOP = replace(settings.EDGESHOP, push=replace(settings.EDGESHOP.push, attempts_max=4))
    return service
