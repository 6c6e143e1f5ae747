"""`manage.py schedule solve FILE`: decision tables for the fleet's kiosks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.services.steering import steer_all
from edgeshop.sync.services.tables import keep_tables
from edgeshop.sync.simulate.fleet_file import read_fleet


class Command(BaseCommand):
    """Solve, or steer."""

    help = (
        "On the cloud. `solve FILE` computes decision tables for every node class at ten prices of money from a fleet "
        "file (deploy/fleet.toml is the one that ships) and keeps them in place of those before; it takes about a "
        "minute. `steer` hands them out now, by what each kiosk has spent of its month; beat does so every night. "
        "Classes whose policy sets no month_bytes or month_money get no table, and go by their gap_s."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("action", choices=("solve", "steer"), help="solve tables, or hand them out")
        parser.add_argument("file", type=Path, nargs="?", help="the fleet file, for solve")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it and say what came of it."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("Tables are the cloud's; a kiosk is given its own in a contact.")
        if options["action"] == "steer":
            self.stdout.write(f"{steer_all()} kiosks steered.")
            return
        if options["file"] is None:
            raise CommandError("Say which fleet file, as deploy/fleet.toml.")
        try:
            count = keep_tables(read_fleet(options["file"]))
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        self.stdout.write(f"{count} tables kept.")
