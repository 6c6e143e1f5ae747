"""`manage.py erase`: forget a person for good."""

import sys
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.services import erase_subjects
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.vault.models import Subject
from edgeshop.vault.services.erasing import holdings
from edgeshop.vault.services.subjects import find_subject


class Command(BaseCommand):
    """Find one subject, show what there is, erase."""

    help = (
        "Forget a person for good: overwrite the key that all they left here is sealed with, and delete the rows. "
        "Name them by the id that the admin shows, or by what they are known by; `-` reads that from standard input, "
        "where no list of processes shows it. Copies made before stay sealed: the erasure is repeated when one is "
        "restored. --dry-run only says what there is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One way of naming a person."""
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("subject", nargs="?", type=uuid.UUID, help="the id of a subject")
        who.add_argument("--email", help="the address a receipt went to")
        who.add_argument("--phone", help="the number that was left, with its country: +49 151 23456789")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 when there is nobody, or when something of the key is still on the disk."""
        try:
            subject_id = self._find(options)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        found = holdings([subject_id])
        there = ", ".join(f"{count} {label}" for label, count in sorted(found.items())) or "no rows"
        if options["dry_run"]:
            self.stdout.write(f"Subject {subject_id}: {there}. Nothing was changed.")
            return
        done = erase_subjects([subject_id])
        if not done.is_off_the_disk:
            raise CommandError(f"Subject {subject_id} is erased, but the database's log is in use: run this again.")
        self.stdout.write(f"Subject {subject_id} is erased: {there}.")

    def _find(self, options: dict[str, Any]) -> uuid.UUID:
        kind = "email" if options["email"] else "phone"
        said = options[kind]
        if said is None:
            found = Subject.objects.filter(pk=options["subject"]).values_list("pk", flat=True).first()
        else:
            found = find_subject(kind, sys.stdin.readline().strip() if said == "-" else said)
        if found is None:
            raise CommandError("Nobody here is known by that.")
        return found
