from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0004_outcomes_and_changed_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("stream", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("is_verified", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("buckets", models.PositiveSmallIntegerField(default=0)),
                ("left", models.JSONField(default=list)),
                ("mended", models.PositiveIntegerField(default=0, verbose_name="rows mended")),
                ("rests_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="stream",
            name="is_summed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="stream",
            name="mends",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="stream",
            name="told",
            field=models.BinaryField(max_length=8, null=True),
        ),
        migrations.AddField(
            model_name="stream",
            name="verified_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="RowDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=60)),
                ("audience", models.PositiveIntegerField(default=0)),
                ("digest", models.BinaryField(max_length=16)),
                ("is_gone", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream", "key"), name="row_digest_once")],
            },
        ),
        migrations.CreateModel(
            name="SetDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=40)),
                ("audience", models.PositiveIntegerField()),
                ("total", models.BinaryField(max_length=16)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream", "audience"), name="set_digest_once")],
            },
        ),
    ]
