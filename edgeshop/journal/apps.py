"""The journal's Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Facts up, changes down; knows neither commerce nor the network."""

    name = "edgeshop.journal"
    label = "journal"

    def ready(self) -> None:
        """Audit facts are the one kind that the journal itself can read."""
        from edgeshop.journal import registry  # noqa: PLC0415 -- models exist only once the apps are ready
        from edgeshop.journal.services import AuditKind, take_audit  # noqa: PLC0415 -- as above

        for kind in AuditKind:
            registry.apply_fact(kind, take_audit)
