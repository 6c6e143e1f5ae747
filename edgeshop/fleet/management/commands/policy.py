"""`manage.py policy load FILE`: the rules of the node classes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.classes import read_policy
from edgeshop.fleet.services.policies import load_policy
from edgeshop.kernel.errors import EdgeShopError


class Command(BaseCommand):
    """Load a policy."""

    help = (
        "On the cloud: read the rules of all node classes from a TOML file (deploy/classes.toml is the one that ships) "
        "and keep them as the next version. The first version counts at once, later ones when a rollout brings them: "
        "manage.py rollout start policy VERSION. `--check` only reads the file, on any machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("action", choices=("load",), help="load: keep a file as the next version")
        parser.add_argument("file", type=Path, help="the policy, as TOML")
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, then keep."""
        try:
            text = options["file"].read_text(encoding="utf-8")
            if options["check"]:
                self.stdout.write(f"{len(read_policy(text))} node classes; it reads well; nothing was changed.")
                return
            if not settings.EDGESHOP.is_ledger:
                raise CommandError("Policies are the cloud's; a kiosk learns its rules in a contact.")
            loaded = load_policy(text, by="manage.py")
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"This file cannot be read: {error}") from error
        self.stdout.write(f"policy {loaded.version} is {'loaded' if loaded.is_new else 'known already'}.")
