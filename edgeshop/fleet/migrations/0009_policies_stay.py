"""A policy that was loaded never changes and never goes: the database itself refuses, on SQLite and PostgreSQL alike.

SQLite drops a table's triggers when a later migration rebuilds the table, so whoever alters it calls `protect` again.
"""

from django.db import migrations

_SQLITE = """CREATE TRIGGER fleet_policy_{word} BEFORE {event} ON fleet_policy
BEGIN SELECT RAISE(ABORT, 'a loaded policy never changes'); END"""
_POSTGRESQL = """
CREATE FUNCTION fleet_policy_{word}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a loaded policy never changes' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER fleet_policy_{word} BEFORE {event} ON fleet_policy FOR EACH ROW EXECUTE FUNCTION fleet_policy_{word}();
"""
EVENTS = {"stays": "UPDATE", "is_kept": "DELETE"}


def protect(apps, schema_editor):
    """Put the triggers up."""
    template = _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL
    for word, event in EVENTS.items():
        schema_editor.execute(template.format(word=word, event=event), params=None)


def release(apps, schema_editor):
    """Take the triggers down."""
    for word in EVENTS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS fleet_policy_{word}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS fleet_policy_{word} ON fleet_policy")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS fleet_policy_{word}()")


class Migration(migrations.Migration):
    dependencies = [("fleet", "0008_twin_and_rollouts")]
    operations = [migrations.RunPython(protect, release)]
