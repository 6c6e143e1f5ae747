"""Published price books never change: the database itself refuses, on SQLite and PostgreSQL alike.

A price may only be ended, and only by a version that is not published yet; a price may only begin in such a version.
Deleting is left to pruning on kiosks. SQLite drops a table's triggers when a later migration rebuilds the table, so
whoever alters these two tables calls `protect` again; a test looks whether the triggers are there.
"""

from django.db import migrations

_LATE = "SELECT 1 FROM catalog_pricebook b WHERE b.shop_id = NEW.shop_id AND b.version >= {version}"
_MEANING = "(NEW.shop_id, NEW.product_id, NEW.from_version, NEW.unit_minor)"
_CHANGED = f"{_MEANING} <> {_MEANING.replace('NEW', 'OLD')}"

# name, event, table, condition, sentence
RULES = [
    (
        "catalog_book_stays",
        "UPDATE",
        "catalog_pricebook",
        "OLD.state = 'published'",
        "a published price book never changes",
    ),
    (
        "catalog_price_stays",
        "UPDATE",
        "catalog_price",
        f"OLD.to_version IS NOT NULL OR NEW.to_version IS NULL OR {_CHANGED}"
        f" OR EXISTS ({_LATE.format(version='NEW.to_version')})",
        "a price of a published book never changes",
    ),
    (
        "catalog_price_is_new",
        "INSERT",
        "catalog_price",
        f"EXISTS ({_LATE.format(version='NEW.from_version')})",
        "a published price book takes no new price",
    ),
]

_SQLITE = "CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{says}'); END"
_POSTGRESQL = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {when} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""


def protect(apps, schema_editor):
    """Put the triggers up."""
    template = _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL
    for name, event, table, when, says in RULES:
        schema_editor.execute(template.format(name=name, event=event, table=table, when=when, says=says), params=None)


def release(apps, schema_editor):
    """Take the triggers down."""
    for name, _, table, _, _ in RULES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_catalogue")]
    operations = [migrations.RunPython(protect, release)]
