"""The vault's Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keys of this node and of people; no network."""

    name = "edgeshop.vault"
    label = "vault"

    def ready(self) -> None:
        """The checks, and the chip's clock beside the trusted one, where there is a chip."""
        from edgeshop.vault import checks  # noqa: F401, PLC0415 -- registers itself, once the apps are loaded
        from edgeshop.vault.services.tpm import chip_s  # noqa: PLC0415 -- as above
        from edgeshop.vault.services.trusted_clock import bind_chip_clock  # noqa: PLC0415 -- as above

        bind_chip_clock(chip_s)
