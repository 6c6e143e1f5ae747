"""The rules that the database itself holds about orders: which moves there are, and what never changes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from edgeshop.checkout.triggers import install, uninstall

MOVES = {
    "delivery": ("committed", "acknowledged", "settled"),
    "payment": ("due", "paid", "declined", "cleared"),
    "handover": ("open", "handed_over"),
}


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    transition = apps.get_model("checkout", "Transition")
    transition.objects.using(schema_editor.connection.alias).bulk_create(
        transition(field=field, before=before, after=after)
        for field, path in MOVES.items()
        for place, before in enumerate(path)
        for after in path[place + 1 :]
    )


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("checkout", "Transition").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("checkout", "0001_initial")]
    operations = [migrations.RunPython(fill, empty), migrations.RunPython(install, uninstall)]
