"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Walks the contact sections that others registered; owns facts-up and pages-down itself."""

    name = "edgeshop.sync"
    label = "sync"

    def ready(self) -> None:
        """Batches of facts are taken at any age, whatever was in the way."""
        from edgeshop.fleet.services.verify import takes_late  # noqa: PLC0415 -- models exist once the apps are ready
        from edgeshop.sync.services.wire import is_facts_only  # noqa: PLC0415 -- as above

        takes_late("/sync/contact", is_facts_only)
