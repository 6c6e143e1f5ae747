"""The shop's Django app."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The door."""

    name = "edgeshop.shop"
    label = "shop"

    def ready(self) -> None:
        """The shop window as an artefact."""
        from edgeshop.shop import wiring  # noqa: PLC0415 -- other apps' models exist only once the apps are ready

        wiring.register()
