"""Devices as rows, requests that were handled, revocation lists. Hot keys name their device; old ones are met again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0005_staff_pins"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("version", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("token", models.TextField()),
                ("bits", models.BinaryField()),
                ("issued_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kid", models.CharField(db_index=True, max_length=64)),
                ("jwk", models.JSONField()),
                ("certificate", models.TextField(blank=True)),
                ("serial", models.CharField(blank=True, max_length=40)),
                ("renews_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="certificate ends")),
                ("enrolled_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("last_epoch", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "kiosk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="devices", to="fleet.kiosk"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="hotkey",
            name="device",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="fleet.device"
            ),
        ),
        migrations.CreateModel(
            name="HandledRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="fleet.device"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None), ("superseded_at", None)),
                fields=("kiosk",),
                name="device_one_live_per_kiosk",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None), ("superseded_at", None)),
                fields=("kid",),
                name="device_one_live_per_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="handledrequest",
            constraint=models.UniqueConstraint(fields=("device", "key"), name="handledrequest_once"),
        ),
    ]
