"""A kiosk without its chip goes on under its grant, by the limits of what it is worth now."""

from dataclasses import replace
from typing import Any

import pytest

from edgeshop.checkout.services import fallen, install_grant, issue_grant
from edgeshop.checkout.services.fallen import Cut, cut_for
from edgeshop.checkout.services.numbers import lock_allocator
from edgeshop.checkout.services.room import room
from edgeshop.fleet.models import Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.settings.knobs import REAL
from edgeshop.vault.services import KeystoreState
from tests.factories.checkout import Cloud

pytestmark = [pytest.mark.unit, pytest.mark.django_db]
WELL, FALLEN = KeystoreState("pkcs11", 2, ""), KeystoreState("pkcs11", 1, "There is no such token.")


def at(state: KeystoreState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallen, "keystore_state", lambda: state)


@pytest.mark.parametrize(
    ("state", "granted", "cut"),
    [
        (WELL, 2, Cut(0, 0, 15_000)),
        (FALLEN, 2, Cut(80_000, 150, 5_000)),
        (FALLEN, 3, Cut(180_000, 150, 5_000)),
        (FALLEN, 1, Cut(0, 0, 15_000)),  # granted since it fell
        (KeystoreState("memory", 0, ""), 2, Cut(0, 0, 15_000)),
    ],
)
def test_what_is_taken_off_a_grant(settings: Any, monkeypatch, state, granted, cut) -> None:
    monkeypatch.setattr(fallen.settings, "EDGESHOP", _real(settings))
    at(state, monkeypatch)

    assert cut_for(granted, order_max_minor=15_000, exponent=2) == cut


def _real(settings: Any) -> Any:

    return replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, limits=REAL))


def test_a_kiosk_that_falls_has_the_room_of_its_new_level_at_once(cloud: Cloud, settings: Any, monkeypatch) -> None:
    settings.EDGESHOP = _real(settings)
    with cloud():
        Kiosk.objects.update(trust_level=2)
        jws = issue_grant(12)
    install_grant(jws)

    def left() -> tuple[int, int, int]:
        kiosk = this_kiosk()
        found = room(kiosk=kiosk, allocator=lock_allocator(kiosk=kiosk))
        return found.sum_minor, found.count, found.order_max_minor

    at(WELL, monkeypatch)
    assert left() == (100_000, 200, 15_000)
    at(FALLEN, monkeypatch)
    assert left() == (20_000, 50, 5_000)
