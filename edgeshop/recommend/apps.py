"""The recommendation app."""

from django.apps import AppConfig


class RecommendConfig(AppConfig):
    """Registers the stream that brings kiosks their table."""

    name = "edgeshop.recommend"
    label = "recommend"

    def ready(self) -> None:
        """The models stream."""
        from edgeshop.recommend import wiring  # noqa: PLC0415 -- other apps' models exist only once the apps are ready

        wiring.register()
