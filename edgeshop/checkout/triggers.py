"""The rules about orders that the database itself holds, so that no code path can get round them.

SQLite drops a table's triggers when a migration rebuilds the table: whoever alters `checkout_order` or
`checkout_orderline` adds `migrations.RunPython(install, uninstall)` at the end of that migration.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Written out, not taken from the model: a migration must mean the same for ever.
MOVING = ("delivery", "payment", "handover")
FROZEN = (
    "id", "number_id", "kiosk_id", "epoch", "origin", "seat_id", "sold_by", "book", "tender", "is_on_grant", "currency",
    "net_minor", "tax_minor", "total_minor", "placed_at", "committed_at", "business_day", "receipt_key",
    "envelope_sha256",
)  # fmt: skip

_KNOWN = " OR ".join(
    f"(OLD.{field} <> NEW.{field} AND NOT EXISTS (SELECT 1 FROM checkout_transition t"  # noqa: S608 -- our own names
    f" WHERE t.field = '{field}' AND t.before = OLD.{field} AND t.after = NEW.{field}))"
    for field in MOVING
)
_CHANGED = " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in FROZEN)
_RULES = {
    "checkout_order_forward": ("checkout_order", _KNOWN, "an order only moves forward"),
    "checkout_order_frozen": ("checkout_order", _CHANGED, "the content of an order never changes"),
    "checkout_line_frozen": ("checkout_orderline", "1 = 1", "the lines of an order never change"),
}


def install(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers, replacing any that are there."""
    uninstall(_apps, schema_editor)
    make = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
    for name, (table, condition, message) in _RULES.items():
        for statement in make(name, table, condition, message):
            schema_editor.execute(statement)


def uninstall(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    for name, (table, _, _) in _RULES.items():
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if on:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def _sqlite(name: str, table: str, condition: str, message: str) -> list[str]:
    when = condition.format(differs="IS NOT")
    return [
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ]


def _postgresql(name: str, table: str, condition: str, message: str) -> list[str]:
    when = condition.format(differs="IS DISTINCT FROM")
    # A trigger's own WHEN may not look into another table, hence the condition sits in the function.
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
