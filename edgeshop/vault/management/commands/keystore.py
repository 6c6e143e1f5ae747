"""`manage.py keystore`: make this node's keys, and see what is there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import keystore, thumbprint

DEVICE = "device"  # the key that says who this node is


class Command(BaseCommand):
    """Arguments in, keystore calls, a few lines out. Private keys are never shown."""

    help = (
        "Make this node's keys or show them by name and thumbprint. `init` makes the device key if it is missing and "
        "may be run again at any time; `status` changes nothing and fails when the keys do not open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("init", "status"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["action"] == "init":
                keystore().create(DEVICE)
            self._report()
        except (EdgeShopError, OSError) as problem:
            raise CommandError(f"The keystore does not work: {problem}") from problem

    def _report(self) -> None:
        vault, store = settings.EDGESHOP.vault, keystore()
        place = f" at {vault.path}" if vault.backend == "file" else ""
        self.stdout.write(f"{vault.backend} keystore{place}, trust level {store.trust_level}")
        for name in store.key_names():
            self.stdout.write(f"  {name}  {thumbprint(store.public_key(name))}")
        if DEVICE not in store.key_names():
            self.stdout.write("  no device key yet: run `manage.py keystore init`")
