"""Device certificates: issued at enrolment, renewed in a contact when a third of their life is left.

Whoever signs a contact has shown that he holds the device's key, so an expired certificate is no bar: what counts is
that the device has not been revoked or superseded since. The kiosk checks what it gets and swaps it in one
transaction; the old certificate is good until then.
"""

import logging
from typing import Any

from django.db import transaction

from edgeshop.fleet.errors import TrustRefused
from edgeshop.fleet.models import LIVE, Device, Kiosk
from edgeshop.fleet.queries import this_kiosk
from edgeshop.fleet.services.keys import DEVICE_KEY, cloud_key, device_ca, subject_of
from edgeshop.fleet.services.levels import lower_level
from edgeshop.fleet.services.trust import claims_by_cloud
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import (
    DeviceCertificate,
    issue_certificate,
    keystore,
    read_certificate,
    thumbprint,
    write_jws,
)

log = logging.getLogger(__name__)
TYP = "device-cert+jwt"
_SERIAL_CHARS = 8  # enough to say which of its certificates a kiosk has


def certify(device: Device) -> Device:
    """On the cloud: a fresh certificate for a device's key; answers the row with it."""
    subject, issuer = subject_of(device.kiosk_id), device_ca()
    pem = issue_certificate(jwk=device.jwk, subject=subject, issuer=issuer, at=clock.now())
    said = read_certificate(pem, issuer_jwk=issuer.jwk)
    device.certificate, device.serial = pem, said.serial
    device.renews_at, device.ends_at = said.renews_at, said.ends_at
    device.save(update_fields=["certificate", "serial", "renews_at", "ends_at"])
    return device


def certificate_token(device: Device) -> str:
    """A device's certificate as the cloud hands it over: with the device's number and the CA's key."""
    claims = {
        "sub": device.kiosk_id,
        "device": device.pk,
        "iat": int(clock.timestamp()),
        "certificate": device.certificate,
        "ca": device_ca().jwk,
    }
    return write_jws(signer=cloud_key(), typ=TYP, claims=claims)


def ask_certificate() -> dict[str, Any]:
    """Which certificate we have, what our keystore is, and what we are taken for."""
    kiosk = this_kiosk()
    held = Device.objects.filter(kiosk=kiosk).first()
    serial = held.serial[:_SERIAL_CHARS] if held else ""
    return {"serial": serial, "level": keystore().trust_level, "believed": kiosk.trust_level}


def answer_certificate(kiosk_id: int, asked: dict[str, Any] | None) -> dict[str, Any] | None:
    """A certificate for a kiosk that lacks ours or whose is nearly over, and its level when it thinks of another."""
    if not asked:
        return None
    told: dict[str, Any] = {}
    device = Device.objects.filter(LIVE, kiosk=kiosk_id).first()
    if device is not None and (device.renews_at is None or device.renews_at <= clock.now()):
        device = certify(device)
    if device is not None and device.serial[:_SERIAL_CHARS] != asked.get("serial"):
        told["certificate"] = certificate_token(device)
    level = lower_level(kiosk_id, told=int(asked.get("level", 0)))
    if level != asked.get("believed"):
        told["level"] = level
    return told or None


def take_certificate(told: dict[str, Any]) -> None:
    """The kiosk's end of the section. Raises: TrustRefused; what we have stays in use then."""
    if "level" in told:
        Kiosk.objects.filter(is_self=True).update(trust_level=int(told["level"]))
    if "certificate" in told:
        install_certificate(told["certificate"])


@transaction.atomic
def install_certificate(token: str) -> None:
    """Keep a certificate for our key by our cloud, in place of the one before. Safe to repeat.

    Raises: TrustRefused for another key, kiosk or signer, and for one that ends before what we have.
    """
    claims, kiosk = claims_by_cloud(token, typ=TYP), this_kiosk()
    said = _checked(claims, kiosk)
    held = Device.objects.filter(kiosk=kiosk, pk=claims["device"]).first()
    if held is not None and held.ends_at is not None and said.ends_at < held.ends_at:
        raise TrustRefused("We have a newer certificate.", serial=said.serial[:_SERIAL_CHARS])
    Device.objects.exclude(pk=claims["device"]).delete()  # also those from when this box was another kiosk
    Device.objects.update_or_create(
        pk=claims["device"],
        defaults={
            "kiosk": kiosk,
            "kid": thumbprint(said.jwk),
            "jwk": said.jwk,
            "certificate": claims["certificate"],
            "serial": said.serial,
            "renews_at": said.renews_at,
            "ends_at": said.ends_at,
            "enrolled_at": kiosk.enrolled_at or clock.now(),
        },
    )
    log.info("this kiosk's certificate is good until %s", said.ends_at)


def _checked(claims: dict[str, Any], kiosk: Kiosk) -> DeviceCertificate:
    try:
        said = read_certificate(claims["certificate"], issuer_jwk=claims["ca"])
    except (EdgeShopError, KeyError, TypeError, AttributeError) as odd:
        raise TrustRefused("This is no device certificate.") from odd
    if claims.get("sub") != kiosk.pk or said.subject != subject_of(kiosk.pk) or type(claims.get("device")) is not int:
        raise TrustRefused("This certificate is for another kiosk.", kiosk_id=kiosk.pk)
    if said.jwk != keystore().public_key(DEVICE_KEY):
        raise TrustRefused("This certificate is for another key.", kiosk_id=kiosk.pk)
    return said
