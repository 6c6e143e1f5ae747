"""Hot keys met before their certificates were kept are forgotten: their kiosks introduce them again."""

from typing import Any

from django.db import migrations


def forget(apps: Any, _editor: Any) -> None:
    """They live for a day at most; a kiosk whose key is not known is asked for its certificate."""
    apps.get_model("fleet", "HotKey").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0011_hot_keys_keep_their_certificate"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
