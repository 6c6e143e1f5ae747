"""Personal PINs: how people log in at a kiosk with the cable out, and how a second person approves.

A PIN is set at the kiosk and stays on it. It opens this box and nothing else: a cloud takes a password and a second
factor. Source: design of the verifier in `vault.services.pins`; Argon2id with OWASP's smallest figures on top, which
a kiosk's core does in about 30 ms.
"""

import secrets
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import transaction

from edgeshop.fleet.errors import NotAllowed, PinRefused, PinWeak
from edgeshop.fleet.models import Staff, StaffPin
from edgeshop.fleet.queries import this_kiosk_id
from edgeshop.fleet.roles import is_above, may_alone
from edgeshop.fleet.services.tries import count_box_try, count_try, was_right
from edgeshop.journal.services import AuditKind, audit
from edgeshop.vault.errors import KeyMissing, SealBroken
from edgeshop.vault.services import new_pepper, peppered

DIGITS_MIN, DIGITS_MAX = 4, 8
_ONE_TIME_DIGITS = 8
_ONE_TIME_LIFE = timedelta(minutes=15)
_USUAL = frozenset(
    {"1004", "1122", "1212", "1313", "2000", "2001", "2580", "4321", "6969", "123321", "159753", "147258"}
)


class _Slow(Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 2, 19_456, 1


@transaction.atomic
def set_pin(*, staff: Staff, pin: str, at: datetime) -> None:
    """Give a person who has shown who they are a PIN on this kiosk, in place of an older one.

    Raises: PinWeak, NotAllowed in the cloud. Effect: the verifier, tries forgiven, and `audit.pin_set.v1`.
    """
    _refuse_weak(pin)
    _write(staff, pin, at=at, lapses_at=None)
    was_right(_subject(staff), at=at)
    audit(AuditKind.PIN_SET, by=staff.get_username(), person=staff.pk)


@transaction.atomic
def reset_pin(*, staff: Staff, by: Staff, at: datetime) -> str:
    """A one-time number for somebody who has forgotten theirs: good once, for 15 minutes, to set a new PIN.

    Raises: NotAllowed unless `by` is a manager or higher, another person, and not below them.
    Effect: the old PIN is gone, tries forgiven, and `audit.pin_reset.v1`.
    """
    if not may_alone(by) or by.pk == staff.pk or is_above(staff.role, by.role):
        raise NotAllowed("A manager resets the PIN of somebody else, not of somebody above.")
    number = "".join(secrets.choice("0123456789") for _ in range(_ONE_TIME_DIGITS))
    _write(staff, number, at=at, lapses_at=at + _ONE_TIME_LIFE)
    was_right(_subject(staff), at=at)
    audit(AuditKind.PIN_RESET, by=by.get_username(), person=staff.pk)
    return number


def check_pin(*, username: str, pin: str, at: datetime) -> tuple[Staff, bool]:
    """The person whose PIN this is on this kiosk, and whether it is a one-time number, which is used up by that.

    Raises: PinRefused for anything that does not fit, whatever it is; TooManyTries; NotAllowed in the cloud.
    """
    _demand_kiosk()
    staff = Staff.objects.filter(username=username[:150], is_active=True, is_staff=True).first()
    kept = StaffPin.objects.filter(staff=staff).first() if staff else None
    with transaction.atomic():  # a box that waits uses up nobody's own tries
        if staff is not None and kept is not None:
            count_try(_subject(staff), at=at)
        count_box_try(at=at)
    if staff is None or kept is None:
        _hash("0", "0" * 22)  # as long as for a person with a PIN: who works here is not to be found out
        raise _refused()
    is_over = kept.lapses_at is not None and kept.lapses_at <= at
    if is_over or not _fits(kept, pin):
        raise _refused()
    if kept.lapses_at is not None:
        kept.delete()
    was_right(_subject(staff), at=at)
    return staff, kept.lapses_at is not None


def has_pin(staff: Staff) -> bool:
    """Whether a person has a PIN of their own here."""
    return StaffPin.objects.filter(staff=staff, lapses_at=None).exists()


def _refuse_weak(pin: str) -> None:
    """Whoever holds the keypad gets five guesses: the PINs that people guess first are none."""
    if not (pin.isascii() and pin.isdigit() and DIGITS_MIN <= len(pin) <= DIGITS_MAX):
        raise PinWeak(f"A PIN is {DIGITS_MIN} to {DIGITS_MAX} digits.")
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    half = len(pin) // 2
    is_year = len(pin) == DIGITS_MIN and pin[:2] in {"19", "20"}
    if steps <= {0} or steps == {1} or steps == {9} or pin == pin[:half] * 2 or pin in _USUAL or is_year:
        raise PinWeak("Many people would guess that PIN: no rows, no repeats, no years.")


def _write(staff: Staff, pin: str, *, at: datetime, lapses_at: datetime | None) -> None:
    _demand_kiosk()
    pepper = new_pepper(_place(staff))
    verifier = _hash(peppered(pin, pepper, _place(staff)), _Slow().salt())
    values = {"pepper": pepper, "verifier": verifier, "set_at": at, "lapses_at": lapses_at}
    StaffPin.objects.update_or_create(staff=staff, defaults=values)


def _fits(kept: StaffPin, pin: str) -> bool:
    try:
        secret = peppered(pin[:DIGITS_MAX], bytes(kept.pepper), _place(kept.staff))
    except (SealBroken, KeyMissing):  # another box's disk, or another person's row: not a PIN of this one here
        return False
    return len(pin) <= DIGITS_MAX and bool(_Slow().verify(secret, kept.verifier))


def _hash(secret: str, salt: str) -> str:
    return str(_Slow().encode(secret, salt))


def _demand_kiosk() -> None:
    if settings.EDGESHOP.is_ledger:
        raise NotAllowed("A PIN opens kiosks only. Here it takes a password and a second factor.")


def _place(staff: Staff) -> bytes:
    """What a pepper is sealed to: this table, this kiosk, this person."""
    return f"fleet.staff_pin|{this_kiosk_id()}|{staff.pk}".encode()


def _subject(staff: Staff) -> str:
    return f"pin/{staff.pk}"


def _refused() -> PinRefused:
    return PinRefused("Name or PIN is wrong. If you have no PIN on this kiosk, log in with your password and set one.")
