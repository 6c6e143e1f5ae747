"""`manage.py seed`: fill a cloud with a shop to try."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from edgeshop.shop.services import seeding


class Command(BaseCommand):
    """Fill a cloud."""

    help = (
        "Fill this cloud with a shop to try: products with pictures, prices, stock, staff, kiosks to enrol and a first "
        "recommendation model; with --data FILE from real transactions instead of the built-in shop. "
        "Safe to repeat. The last line is JSON: the shop and the one-time codes of its kiosks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to fill it with."""
        parser.add_argument("--kiosks", type=int, default=1, help="how many kiosks the shop has (default 1)")
        parser.add_argument("--data", help="real transactions, csv or csv.gz, in the format of UCI Online Retail")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Fill, in steps that say what they do."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("Only a cloud is seeded; kiosks learn from it.")
        say, before = self.stdout.write, seeding.baskets_of_the_past()
        seeded = seeding.seed_shop(name="Lantern & Leaf", kiosks=options["kiosks"])
        if options["data"]:
            call_command("import_retail", options["data"], shop=seeded.shop_id, stdout=self.stdout)
            seeding.draw_missing_pictures(say=say)
        else:
            seeding.seed_demo_goods(shop_id=seeded.shop_id, say=say)
        seeding.seed_model(learned_from=before, say=say)
        say(json.dumps({"shop_id": seeded.shop_id, "codes": seeded.codes}))
