"""The cloud's second factor: a number from an app that a person has with them (TOTP), and recovery codes on paper.

Everything about numbers and their throttling is django-otp's; this says when one is asked for and how it is set up.
"""

from base64 import b32encode
from typing import Any, cast

import segno
from django.conf import settings
from django.db import transaction
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from edgeshop.fleet.errors import NotAllowed, TooManyTries
from edgeshop.fleet.models import Staff, Tries
from edgeshop.fleet.services.tries import count_try
from edgeshop.journal.services import AuditKind, audit
from edgeshop.kernel import clock

DEVICES = (TOTPDevice, StaticDevice)
_RECOVERY_CODES = 10


def is_missing(user: Any) -> bool:
    """Whether somebody is in by a password alone where that is not enough."""
    knobs = settings.EDGESHOP
    if not knobs.is_ledger or knobs.access.second_factor == "off":
        return False
    return bool(user.is_authenticated and not user.is_verified())


def has_device(staff: Staff) -> bool:
    """Whether a person has set up a second factor."""
    return bool(TOTPDevice.objects.filter(user=staff, confirmed=True).exists())


def begin(staff: Staff) -> TOTPDevice:
    """The device that a person is setting up; the same one until it is confirmed, so that reloading costs nothing."""
    found = TOTPDevice.objects.filter(user=staff, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=staff, name="app", confirmed=False)


def picture(device: TOTPDevice) -> str:
    """What the app scans, as the address of a picture."""
    return str(segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=2, light="#fff"))


def key_in_words(device: TOTPDevice) -> str:
    """The same for somebody who has to type it: base32 in groups of four."""
    text = b32encode(device.bin_key).decode("ascii")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@transaction.atomic
def confirm(staff: Staff, number: str) -> tuple[TOTPDevice, list[str]] | None:
    """End setting up with the first number of the app: the device and fresh recovery codes; None for a wrong number.

    Effect: an earlier device and its codes are over, and `audit.second_factor_set.v1`.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=staff, confirmed=False).first()
    if device is None or not device.verify_token(number):
        return None
    TOTPDevice.objects.filter(user=staff, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    codes = _new_codes(staff)
    audit(AuditKind.SECOND_FACTOR_SET, by=staff.get_username(), person=staff.pk)
    return device, codes


def check(staff: Staff, number: str) -> Any | None:
    """The device that a number is from: the app, or a recovery code, which is used up by that. None when wrong.

    Wrong ones make the next try wait, longer each time.
    """
    device = match_token(staff, number.strip().lower())
    if device is not None:
        Tries.objects.filter(pk=f"second_factor/{staff.pk}").delete()
    return device


def note_wrong(staff: Staff) -> None:
    """Write down that a second factor was wrong, more and more rarely for who tries on and on."""
    try:
        count_try(f"second_factor/{staff.pk}", at=clock.now())
    except TooManyTries:
        return
    audit(AuditKind.LOGIN_FAILED, by=staff.get_username(), way="second factor")


@transaction.atomic
def reset(*, staff: Staff, by: Staff) -> None:
    """Take a lost second factor from somebody; they set up a new one at their next login.

    Raises: NotAllowed for one's own. Effect: devices and codes gone, and `audit.second_factor_reset.v1`.
    """
    if staff.pk == by.pk:
        raise NotAllowed("Somebody else takes your second factor from you.")
    TOTPDevice.objects.filter(user=staff).delete()
    StaticDevice.objects.filter(user=staff).delete()
    audit(AuditKind.SECOND_FACTOR_RESET, by=by.get_username(), person=staff.pk)


def _new_codes(staff: Staff) -> list[str]:
    StaticDevice.objects.filter(user=staff).delete()
    paper = StaticDevice.objects.create(user=staff, name="recovery codes")
    codes = [cast(str, StaticToken.random_token()) for _ in range(_RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return codes
