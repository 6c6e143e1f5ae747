"""`manage.py train`: learn a new recommendation table from the baskets of the past."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.recommend.services.retraining import learn, publish
from edgeshop.recommend.services.table import Table


class Command(BaseCommand):
    """Train the table."""

    help = (
        "Learn a new recommendation table from all imported baskets and the products' texts, install it here and send "
        "it to the kiosks with their next contact. Takes seconds for a shop of 4,000 products. Run it on the cloud."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to keep the result."""
        parser.add_argument("--dry-run", action="store_true", help="learn and report, but install nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Learn, say what came out, install."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("A kiosk gets its table from the cloud; train there.")
        self._started_s = time.monotonic()
        try:
            table = learn(progress=self._say)
            self._report(table)
            if not options["dry_run"]:
                self.stdout.write(f"Table {publish(table)} is in use.")
        except EdgeShopError as error:
            raise CommandError(error.message) from error

    def _say(self, stage: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._started_s:6.1f} s  {stage}")

    def _report(self, table: Table) -> None:
        filled = int((table.nid > 0).sum()) / table.rows
        size_kib = len(table.to_bytes()) / 1024
        self._say(f"done: {table.rows} products, {filled:.1f} neighbours each, {size_kib:.0f} KiB")
