"""Codes are found by their beginning. Codes in flight live 15 minutes and are simply made again."""

from typing import Any

from django.db import migrations, models


def _drop_codes(apps: Any, _editor: Any) -> None:
    apps.get_model("fleet", "EnrolmentCode").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("fleet", "0001_initial")]

    operations = [
        migrations.RunPython(_drop_codes, _drop_codes),
        migrations.AddField(
            model_name="enrolmentcode",
            name="selector",
            field=models.CharField(default="", max_length=5, unique=True),
            preserve_default=False,
        ),
        migrations.AlterField(model_name="enrolmentcode", name="code_sha256", field=models.CharField(max_length=64)),
    ]
