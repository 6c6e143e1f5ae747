"""`manage.py enrol URL CODE`: make this box a kiosk."""

from argparse import ArgumentParser
from dataclasses import fields
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.services import Enrolled, adopt, ready_keys
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.services import keystore


class Command(BaseCommand):
    """Enrol this box."""

    help = (
        "Make this box a kiosk: give the cloud's address and the one-time code that its admin shows "
        "(Fleet, Kiosks, New code). Run it once; run it again with a new code after the disk was lost."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The cloud's address and the code."""
        parser.add_argument("url", help="the cloud's address, for example https://cloud.example.org")
        parser.add_argument("code", help="the one-time code, dashes or not")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask the cloud, and become what it says."""
        body = {
            "code": options["code"],
            "device_jwk": ready_keys(is_ledger=settings.EDGESHOP.is_ledger),
            "trust_level": keystore().trust_level,
        }
        status, said = self._ask(options["url"].rstrip("/"), body)
        if status != 200:
            raise CommandError(f"{said.get('code', status)}: {said.get('message', 'this is not our cloud.')}")
        try:
            kiosk = adopt(Enrolled(**{known.name: said[known.name] for known in fields(Enrolled)}))
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        self.stdout.write(f"This box is kiosk {kiosk.pk} ({kiosk.name}) of shop {kiosk.shop_id}, epoch {kiosk.epoch}.")

    def _ask(self, url: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            answer = requests.post(f"{url}/fleet/enrol", json=body, timeout=20)
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise CommandError(f"The cloud at {url} did not answer: {type(error).__name__}. Try again.") from error
        return answer.status_code, said if isinstance(said, dict) else {}
