"""`manage.py demo`: a whole EdgeShop on this machine. `make demo` runs the same without loading Django."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.shop.demo.main import run
from edgeshop.shop.demo.options import add_arguments, chosen
from edgeshop.shop.demo.terminal import Terminal


class Command(BaseCommand):
    """Run the demo."""

    help = (
        "Run a whole EdgeShop here: cloud, kiosk, their workers and the links between them, with a panel to cut links "
        "and pull the plug. State is kept and used again. --check starts it, makes one sale through both tiers, stops "
        "everything and says by its exit status whether all of that worked."
    )
    requires_system_checks: list[str] = []  # its nodes check themselves, with their own settings

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same options as `python -m edgeshop.shop.demo`."""
        add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until Ctrl-C."""
        try:
            status = run(chosen(options), Terminal())
        except EdgeShopError as error:
            raise CommandError(error.message) from error
        if status:
            raise CommandError("The demo did not work; the lines above say why.", returncode=status)
