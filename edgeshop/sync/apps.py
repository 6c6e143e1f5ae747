"""The sync app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Walks the contact sections that others registered; owns facts-up and pages-down itself."""

    name = "edgeshop.sync"
    label = "sync"

    def ready(self) -> None:
        """The artefacts section; and batches of facts are taken at any age, whatever was in the way."""
        from edgeshop.sync import wiring  # noqa: PLC0415 -- other apps' models exist only once the apps are ready

        wiring.register()
