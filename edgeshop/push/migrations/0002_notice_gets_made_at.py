"""A notice knows when it was made, so that age can end what could never be brought."""

from django.db import migrations, models
from django.utils.timezone import now


class Migration(migrations.Migration):
    dependencies = [("push", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice", name="made_at", field=models.DateTimeField(default=now), preserve_default=False
        ),
    ]
