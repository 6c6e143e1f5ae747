from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0010_kiosk_promises_a_gap"),
    ]

    operations = [
        migrations.AddField(
            model_name="hotkey",
            name="certificate",
            field=models.TextField(blank=True, default=""),
        ),
    ]
