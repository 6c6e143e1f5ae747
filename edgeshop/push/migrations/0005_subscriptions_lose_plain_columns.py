"""The plain columns go, and what they held goes from the file."""

import django.db.models.deletion
from django.db import migrations, models

from edgeshop.vault.fields import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("push", "0004_subscriptions_are_sealed")]

    operations = [
        # With a default, so that the way back can make the column before it is filled.
        migrations.AlterField("subscription", "plain_endpoint", models.URLField(default="", max_length=1000)),
        migrations.AlterField("subscription", "plain_p256dh", models.CharField(default="", max_length=120)),
        migrations.AlterField("subscription", "plain_auth", models.CharField(default="", max_length=40)),
        *(migrations.RemoveField("subscription", f"plain_{name}") for name in ("endpoint", "p256dh", "auth")),
        migrations.AlterField(
            "subscription",
            "subject",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.subject"),
        ),
        *(migrations.AlterField("subscription", name, EncryptedTextField()) for name in ("endpoint", "p256dh", "auth")),
        migrations.AddConstraint(
            "subscription", models.UniqueConstraint(fields=["topic", "subject"], name="subscription_once")
        ),
    ]
