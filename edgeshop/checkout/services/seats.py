"""Seats: which browsers may hold tokens. A shop's screen is admitted by staff once; a phone by itself, within caps."""

import ipaddress
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from edgeshop.checkout.enums import Purpose
from edgeshop.checkout.errors import SeatInvalid, SeatNotAdmitted, SeatsFull
from edgeshop.checkout.models import Seat
from edgeshop.fleet.queries import this_kiosk, this_kiosk_id
from edgeshop.fleet.services import hot_key
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel.ids import seat_id
from edgeshop.vault.services import thumbprint

TYP = "seat+jwt"
_KEY_BITS = 8  # of a seat's serial: more would cost a phone that orders once more bytes
_WAITING_MAX = 20  # screens that ask and are not admitted; above it somebody plays


@dataclass(frozen=True, slots=True)
class Admitted:
    """A seat and the delegation that its browser shows when it asks for tokens."""

    seat_id: uuid.UUID
    purpose: Purpose
    jws: str
    expires_at: datetime


def request_seat(*, jwk: dict[str, str], purpose: Purpose, address: str, at: datetime) -> Admitted:
    """A delegation for the browser that holds `jwk`, for as long as a seat lives. Asking again renews the seat.

    Raises: SeatNotAdmitted for a screen that staff have not admitted yet (it is on their list then); SeatsFull;
    SeatInvalid for a key that has a seat of the other kind; InvalidInput for an odd key.
    """
    kiosk_id = this_kiosk_id()
    with transaction.atomic():
        seat = _seat_of(jwk, purpose, address, at)
        expires_at = at + timedelta(seconds=settings.EDGESHOP.checkout.seat_life_s)
        if seat.admitted_at is not None:
            seat.expires_at = expires_at
        seat.save()
    if seat.admitted_at is None:  # raised out here, so that staff find the row
        raise SeatNotAdmitted("Staff admit this screen once, in the kiosk's admin.", seat_id=str(seat.pk))
    return Admitted(seat.pk, purpose, _delegate(seat, kiosk_id, at, expires_at), expires_at)


def _seat_of(jwk: dict[str, str], purpose: Purpose, address: str, at: datetime) -> Seat:
    """The seat of this key, known or new, admitted when it admits itself; the caller saves it."""
    jkt = thumbprint(jwk)
    seat = Seat.objects.select_for_update().filter(jkt=jkt).first()
    if seat is None:
        own = {name: jwk[name] for name in ("kty", "crv", "x", "y")}
        seat = Seat(jkt=jkt, jwk=own, purpose=purpose, asked_at=at, **_identity(jkt))
    if seat.purpose != purpose:
        raise SeatInvalid("This browser has a seat of the other kind.", purpose=seat.purpose)
    _refuse_crowd(seat, address, at)
    seat.address = address
    if seat.admitted_at is None and _admits_itself(purpose, address):
        seat.admitted_at, seat.admitted_by = at, address
    return seat


def _identity(jkt: str) -> dict[str, Any]:
    """The next seat of this epoch. A restored disk may have given that away already: there it is a number of chance.

    A disk that does not know that it was restored gives its next places again, to other browsers: so a serial ends
    with some bits of the browser's key, and two browsers get one seat in one of 256 cases at most.
    """
    kiosk = this_kiosk()
    if kiosk.is_epoch_stale:
        return {}
    last = Seat.objects.filter(epoch=kiosk.epoch).aggregate(last=Max("serial"))["last"] or 0
    place, own = (last >> _KEY_BITS) + 1, crc32(jkt.encode()) % (1 << _KEY_BITS)
    serial = (place << _KEY_BITS) + own
    return {"id": seat_id(kiosk.pk, kiosk.epoch, serial), "epoch": kiosk.epoch, "serial": serial}


def _admits_itself(purpose: Purpose, address: str) -> bool:
    """Phones always; a screen when the kiosk's own box is trusted to hold nothing but the kiosk's browser."""
    if purpose == Purpose.PHONE:
        return True
    try:
        return settings.EDGESHOP.checkout.admit == "loopback" and ipaddress.ip_address(address).is_loopback
    except ValueError:  # a Unix socket has no address
        return False


def _refuse_crowd(seat: Seat, address: str, at: datetime) -> None:
    """Caps on phones that are not here yet, and on screens that are not known yet."""
    knobs = settings.EDGESHOP.checkout
    if seat.purpose == Purpose.SCREEN:
        waiting = Seat.objects.filter(purpose=Purpose.SCREEN, admitted_at=None)
        if seat._state.adding and waiting.count() >= _WAITING_MAX:
            raise SeatsFull("Staff have enough screens to look at.", limit=_WAITING_MAX)
        return
    if seat.expires_at is not None and seat.expires_at > at:
        return
    live = Seat.objects.filter(purpose=Purpose.PHONE, expires_at__gt=at)
    if live.filter(address=address).count() >= knobs.phones_per_address_max:
        raise SeatsFull("There are enough phones at this address.", limit=knobs.phones_per_address_max)
    if live.count() >= knobs.phones_per_kiosk_max:
        raise SeatsFull("There are enough phones in this shop.", limit=knobs.phones_per_kiosk_max)


@transaction.atomic
def admit_seats(*, seat_ids: list[uuid.UUID], staff: str, at: datetime) -> int:
    """Staff admit screens that wait; answers how many that newly admitted."""
    waiting = Seat.objects.select_for_update().filter(admitted_at=None, pk__in=seat_ids)
    done = waiting.update(admitted_at=at, admitted_by=staff)
    if done:
        audit(AuditKind.SEAT_ADMITTED, by=staff, count=done, seats=[str(seat) for seat in seat_ids])
    return done


def tokens_max(purpose: str) -> int:
    """How many tokens a seat may hold."""
    knobs = settings.EDGESHOP.checkout
    return knobs.phone_tokens_max if purpose == Purpose.PHONE else knobs.screen_tokens_max


def _delegate(seat: Seat, kiosk_id: int, at: datetime, expires_at: datetime) -> str:
    hot = hot_key()
    claims = {
        "jti": str(seat.pk),
        "aud": kiosk_id,
        "cnf": {"jkt": seat.jkt},
        "purpose": seat.purpose,
        "max_tokens": tokens_max(seat.purpose),
        "iat": int(at.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    return hot.sign_jws(TYP, claims, {"cert": hot.certificate})
