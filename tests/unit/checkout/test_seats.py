"""Who may sit down: screens that staff admit or that stand on the kiosk's own box, and not too many phones."""

from dataclasses import replace
from typing import Any

import pytest

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.errors import SeatInvalid, SeatNotAdmitted, SeatsFull
from edgeshop.checkout.models import Seat
from edgeshop.checkout.services import admit_seats
from edgeshop.fleet.models import Kiosk
from edgeshop.kernel import clock
from edgeshop.vault.services import peek_jws, thumbprint
from tests.factories.checkout import Browser, HeldClock

pytestmark = [pytest.mark.unit, pytest.mark.django_db]


@pytest.fixture
def staff_only(kiosk: Kiosk, settings: Any) -> None:
    """A shop where staff admit every screen."""
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, admit="staff"))


def test_a_screen_on_the_kiosks_own_box_admits_itself(kiosk: Kiosk, held_clock: HeldClock) -> None:
    ada = Browser().sit()

    header, claims = peek_jws(ada.seat)
    now = int(held_clock.timestamp())
    assert (header["typ"], "cert" in header) == ("seat+jwt", True)
    assert claims == {
        "jti": ada.seat_id,
        "aud": 12,
        "cnf": {"jkt": thumbprint(ada.jwk)},
        "purpose": "screen",
        "max_tokens": 10,
        "iat": now,
        "exp": now + 12 * 3600,
    }


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "", "::ffff:192.0.2.7"])
def test_a_screen_elsewhere_waits_for_staff(kiosk: Kiosk, address: str) -> None:
    with pytest.raises(SeatNotAdmitted):
        Browser(address=address).sit()

    assert Seat.objects.get().admitted_at is None


def test_a_screen_that_staff_admit_sits_down_and_stays(staff_only: None, held_clock: HeldClock) -> None:
    ada = Browser()
    for _ in range(2):
        with pytest.raises(SeatNotAdmitted) as waiting:
            ada.sit()
    seat = Seat.objects.get()
    assert waiting.value.fields == {"seat_id": str(seat.pk)}

    assert admit_seats(seat_ids=[seat.pk], staff="ben", at=clock.now()) == 1
    assert admit_seats(seat_ids=[seat.pk], staff="cleo", at=clock.now()) == 0

    first = ada.sit().seat_id
    held_clock.move(days=30)
    assert ada.sit().seat_id == first == str(seat.pk)
    assert Seat.objects.get().admitted_by == "ben"


def test_screens_nobody_admits_do_not_fill_the_list(staff_only: None) -> None:
    for _ in range(20):
        with pytest.raises(SeatNotAdmitted):
            Browser().sit()

    with pytest.raises(SeatsFull):
        Browser().sit()

    assert Seat.objects.count() == 20


def test_a_browser_keeps_its_kind_of_seat(kiosk: Kiosk) -> None:
    ada = Browser(purpose=Purpose.PHONE).sit()
    ada.purpose = Purpose.SCREEN

    with pytest.raises(SeatInvalid):
        ada.sit()

    assert Seat.objects.get().purpose == "phone"


def test_a_disk_put_back_gives_its_next_seat_to_another_browser_as_another_seat(kiosk: Kiosk) -> None:
    given = set()
    for _ in range(4):
        given.add(Browser().sit().seat_id)
        Seat.objects.all().delete()

    assert len(given) > 1


def test_an_address_has_four_phones_at_a_time(kiosk: Kiosk, held_clock: HeldClock) -> None:
    phones = [Browser(purpose=Purpose.PHONE, address="192.0.2.7").sit() for _ in range(4)]

    with pytest.raises(SeatsFull):
        Browser(purpose=Purpose.PHONE, address="192.0.2.7").sit()
    assert Seat.objects.count() == 4
    Browser(purpose=Purpose.PHONE, address="192.0.2.8").sit()
    phones[0].sit()

    held_clock.move(hours=13)
    Browser(purpose=Purpose.PHONE, address="192.0.2.7").sit()


def test_a_kiosk_has_a_ceiling_of_phones(kiosk: Kiosk, settings: Any) -> None:
    settings.EDGESHOP = replace(settings.EDGESHOP, checkout=replace(settings.EDGESHOP.checkout, phones_per_kiosk_max=2))
    for place in (1, 2):
        Browser(purpose=Purpose.PHONE, address=f"192.0.2.{place}").sit()

    with pytest.raises(SeatsFull):
        Browser(purpose=Purpose.PHONE, address="192.0.2.3").sit()

    assert Seat.objects.count() == 2
