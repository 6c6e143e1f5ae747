"""A column without a default, so that SQLite need not rebuild the table and drop its triggers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_product_changed_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="pricebook",
            name="skipped",
            field=models.BinaryField(null=True, editable=False),
        ),
    ]
