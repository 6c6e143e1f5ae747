"""The catalogue's Django app."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Registers the catalogue, price and stock streams."""

    name = "edgeshop.catalog"
    label = "catalog"
    verbose_name = "catalogue"

    def ready(self) -> None:
        """The streams down, and the fact up that hands stock back."""
        from edgeshop.catalog import wiring  # noqa: PLC0415 -- models exist only once the apps are ready

        wiring.register()
