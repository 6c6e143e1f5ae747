"""The fleet's Django app."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Registers what the fleet itself carries between cloud and kiosks."""

    name = "edgeshop.fleet"
    label = "fleet"

    def ready(self) -> None:
        """The staff and config streams, and the sections of a contact about trust."""
        from edgeshop.fleet import checks, wiring  # noqa: F401, PLC0415 -- models exist only once the apps are ready

        wiring.register()
