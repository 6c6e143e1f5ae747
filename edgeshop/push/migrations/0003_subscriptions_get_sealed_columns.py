"""Sealed columns beside the plain ones. They take the plain ones' names, which every seal is bound to."""

import django.db.models.deletion
from django.db import migrations, models

from edgeshop.vault.fields import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("push", "0002_notice_gets_made_at"), ("vault", "0001_personal")]

    operations = [
        migrations.RemoveConstraint("subscription", "subscription_once"),
        *(migrations.RenameField("subscription", name, f"plain_{name}") for name in ("endpoint", "p256dh", "auth")),
        migrations.AddField(
            "subscription",
            "subject",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"
            ),
        ),
        *(
            migrations.AddField("subscription", name, EncryptedTextField(null=True))
            for name in ("endpoint", "p256dh", "auth")
        ),
    ]
