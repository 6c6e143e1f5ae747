"""`manage.py import_retail`: fill a shop from real transactions."""

import json
import zlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.models import Shop
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.shop.retail import Report, load

_STATUS_MALFORMED = 3


class Command(BaseCommand):
    """Load transactions."""

    help = (
        "Load real transactions (csv or csv.gz in the format of UCI Online Retail, data set 352) into a shop of this "
        "cloud: categories, products, a price book, stock levels, and baskets to learn from. Cancellations, bad debts, "
        "postage and fees, and stock corrections are left out and counted; a malformed line is reported by its number "
        "and the rest is loaded. Loading the same file again changes nothing. Exit status: 0 loaded; 1 nothing was "
        "loaded; with --strict, 3 when the rest was loaded but some lines were malformed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file into which shop."""
        parser.add_argument("file", type=Path, help="the transactions, csv or csv.gz")
        parser.add_argument("--limit", type=int, help="read at most this many lines")
        parser.add_argument("--shop", type=int, help="id of the shop (default: the only one there is)")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object, nothing else")
        parser.add_argument("--strict", action="store_true", help="exit with status 3 when lines were malformed")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and report."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("Only a cloud loads transactions; kiosks learn from it.")
        progress = self.stderr if options["json"] else self.stdout
        try:
            report = load(
                options["file"], shop_id=_shop_id(options["shop"]), limit=options["limit"], say=progress.write
            )
        except (OSError, EOFError, zlib.error) as error:
            raise CommandError(f"{options['file']} cannot be read, nothing was loaded: {error}") from error
        except EdgeShopError as error:
            raise CommandError(f"Nothing was loaded: {error.message} {json.dumps(error.fields)}") from error
        self._tell(report, as_json=options["json"])
        if options["strict"] and report.malformed:
            raise CommandError("Some lines were malformed; the rest is loaded.", returncode=_STATUS_MALFORMED)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json()))
            return
        self.stdout.write("\n".join(report.as_lines()))
        self.stdout.write(self.style.SUCCESS(f"done in {report.seconds:.1f} s"))


def _shop_id(wanted: int | None) -> int:
    known = list(Shop.objects.order_by("id").values_list("id", flat=True))
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted in known:
        return wanted
    raise CommandError(f"Say which shop with --shop; there are {', '.join(map(str, known)) or 'none'}.")
