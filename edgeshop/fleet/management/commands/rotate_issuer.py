"""`manage.py rotate_issuer`: a new key for the cloud's grants and answers, and where every version stands."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.services import replace_issuer, rotate_issuer
from edgeshop.fleet.services.issuers import standing
from edgeshop.kernel import clock
from edgeshop.kernel.errors import EdgeShopError


class Command(BaseCommand):
    """Publish the next issuer key."""

    help = (
        "On the cloud: publish the next key that grants and answers are signed with. It is used a day later; the "
        "present one retires when the last grant by it is over, so kiosks that are away for days notice nothing. "
        "`--dry-run` only shows where the keys stand. `--stolen` is for a key in wrong hands: the old keys count for "
        "nothing from now on, every kiosk has to be enrolled again, and what was sold on old grants goes to review."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, if anything."""
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--stolen", action="store_true", help="replace the key at once, without an overlap")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rotate, then report."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("Issuer keys are the cloud's; a kiosk learns them in a contact.")
        now = clock.now()
        try:
            if not options["dry_run"]:
                (replace_issuer if options["stolen"] else rotate_issuer)(at=now)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        for key, state in standing(at=now):
            self.stdout.write(f"{key.name:12} {key.kid[:12]} {state:10} in use from {key.active_from:%Y-%m-%d %H:%M}")
