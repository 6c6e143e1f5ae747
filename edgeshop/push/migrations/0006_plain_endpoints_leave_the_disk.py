"""Older releases let SQLite keep freed text in the file: write the file anew, once."""

from typing import Any

from django.db import migrations


def rewrite(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        with editor.connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Migration(migrations.Migration):
    atomic = False  # neither is allowed in a transaction
    dependencies = [("push", "0005_subscriptions_lose_plain_columns")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
