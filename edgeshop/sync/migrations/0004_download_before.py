from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0003_egress_and_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="download",
            name="before",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
