"""On the cloud: the devices of a kiosk. One speaks for it at a time; the ones before may still hand in their facts."""

from django.db.models import Q

from edgeshop.fleet.errors import DeviceSuperseded, KioskRevoked
from edgeshop.fleet.models import LIVE, Device, HotKey, Kiosk
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import thumbprint


def install_device(kiosk: Kiosk, jwk: dict[str, str], *, last_epoch: int) -> tuple[Device, int]:
    """The device that speaks for a kiosk from now on, and how many it has superseded.

    A key that speaks for another kiosk changes sides: one key never speaks for two.
    """
    at, kid = clock.now(), thumbprint(jwk)
    reason = f"another box was enrolled on {at:%Y-%m-%d}"
    before = list(Device.objects.filter(LIVE & (Q(kiosk=kiosk) | Q(kid=kid))).select_related("kiosk"))
    for device in before:
        ended = last_epoch if device.kiosk_id == kiosk.pk else device.kiosk.epoch
        Device.objects.filter(pk=device.pk).update(superseded_at=at, reason=reason, last_epoch=ended)
    revoked = Device.objects.filter(kiosk=kiosk, superseded_at=None)
    revoked.update(superseded_at=at, last_epoch=last_epoch)  # they, too, have no say in the epochs to come
    HotKey.objects.filter(kiosk=kiosk).delete()
    return Device.objects.create(kiosk=kiosk, kid=kid, jwk=jwk, enrolled_at=at), len(before)


def device_of(kiosk_id: int, kid: str) -> Device | None:
    """The device of a kiosk that has this key: the one that speaks, else the last that did."""
    found = Device.objects.select_related("kiosk__shop").filter(kiosk=kiosk_id, kid=kid)
    return found.filter(LIVE).first() or found.order_by("-pk").first()


def distrust_of(device: Device) -> EdgeShopError | None:
    """Why a device is not believed; None when it is."""
    if device.revoked_at is not None or device.kiosk.revoked_at is not None:
        return KioskRevoked("This kiosk is not believed any more.")
    if device.superseded_at is not None:
        return DeviceSuperseded("Another box speaks for this kiosk now.")
    return None
