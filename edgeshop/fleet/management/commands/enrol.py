"""`manage.py enrol URL CODE`: make this box a kiosk."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.services.joining import join
from edgeshop.kernel.errors import EdgeShopError


class Command(BaseCommand):
    """Enrol this box."""

    help = (
        "Make this box a kiosk: give the cloud's address and the one-time code that its admin shows "
        "(Fleet, Kiosks, New code). The box's key is made in its keystore and stays there; the answer brings its "
        "certificate and its first grant, and the catalogue comes with the first contact. Run it once; run it again "
        "with a new code after the disk was lost."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The cloud's address and the code."""
        parser.add_argument("url", help="the cloud's address, for example https://cloud.example.org")
        parser.add_argument("code", help="the one-time code, dashes or not")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask the cloud, and become what it says."""
        try:
            kiosk = join(url=options["url"], code=options["code"], say=self._say)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        self.stdout.write(f"This box is kiosk {kiosk.pk} ({kiosk.name}) of shop {kiosk.shop_id}, epoch {kiosk.epoch}.")
        self.stdout.write("It sells as soon as its goods have come; manage.py sync fetches them now.")

    def _say(self, line: str) -> None:
        self.stdout.write(f"{line} …")
        self.stdout.flush()
