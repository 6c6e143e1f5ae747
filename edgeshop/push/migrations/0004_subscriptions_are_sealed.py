"""Seal what browsers have left. Needs this node's keystore as soon as there is a subscription."""

from typing import Any

from django.db import migrations

_NAMES = ("endpoint", "p256dh", "auth")


def seal(apps: Any, _editor: Any) -> None:
    from edgeshop.vault.services.subjects import subject_for  # noqa: PLC0415 -- not before the apps are ready

    for row in apps.get_model("push", "Subscription").objects.filter(subject=None).iterator():
        row.subject_id = subject_for("endpoint", row.plain_endpoint)
        for name in _NAMES:
            setattr(row, name, getattr(row, f"plain_{name}"))
        row.save(update_fields=["subject", *_NAMES])


def unseal(apps: Any, _editor: Any) -> None:
    for row in apps.get_model("push", "Subscription").objects.exclude(subject=None).iterator():
        for name in _NAMES:
            setattr(row, f"plain_{name}", getattr(row, name))
        row.save(update_fields=[f"plain_{name}" for name in _NAMES])


class Migration(migrations.Migration):
    dependencies = [("push", "0003_subscriptions_get_sealed_columns")]

    operations = [migrations.RunPython(seal, unseal)]
