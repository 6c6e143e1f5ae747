"""Each enrolled kiosk's key becomes its first device; the certificate comes with the next contact."""

from typing import Any

from django.db import migrations

from edgeshop.vault.services import thumbprint


def _make(apps: Any, _editor: Any) -> None:
    device, kiosk = apps.get_model("fleet", "Device"), apps.get_model("fleet", "Kiosk")
    for k in kiosk.objects.exclude(device_jwk=None).exclude(enrolled_at=None).order_by("pk"):
        device.objects.create(
            kiosk=k,
            kid=thumbprint(k.device_jwk),
            jwk=k.device_jwk,
            enrolled_at=k.enrolled_at,
            revoked_at=k.revoked_at,
            reason="revoked" if k.revoked_at else "",
        )


def _unmake(apps: Any, _editor: Any) -> None:
    apps.get_model("fleet", "Device").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("fleet", "0006_devices")]

    operations = [migrations.RunPython(_make, _unmake)]
