"""The vault's Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys of this node and of people; no network."""

    name = "edgeshop.vault"
    label = "vault"

    def ready(self) -> None:
        from edgeshop.vault import checks  # noqa: F401, PLC0415 -- registers itself, once the apps are loaded
