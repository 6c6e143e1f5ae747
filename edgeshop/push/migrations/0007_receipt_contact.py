"""Where receipts are to go."""

import django.db.models.deletion
from django.db import migrations, models

import edgeshop.kernel.ids
import edgeshop.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("push", "0006_plain_endpoints_leave_the_disk"),
        ("vault", "0001_personal"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=edgeshop.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=44)),
                ("kind", models.CharField(choices=[("email", "e-mail"), ("phone", "Phone")], max_length=5)),
                ("address", edgeshop.vault.fields.EncryptedTextField(serialize=False, subject="subject")),
                ("language", models.CharField(default="en", max_length=8)),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("given_up_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=80)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["next_at"],
                        name="contact_due",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("number", "subject"), name="contact_once")],
            },
        ),
    ]
