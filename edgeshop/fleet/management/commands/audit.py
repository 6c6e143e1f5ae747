"""`manage.py audit verify`: whether anybody has touched what happened."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from edgeshop.fleet.services.audit_report import Audit, verify_all


class Command(BaseCommand):
    """Verify the journals."""

    help = (
        "Walk every journal on this node link by link, up to the heads that were signed at contacts and at the end of "
        "each business day, and say what was edited, dropped, put in another order or cut off, and where. "
        "Exit status 1 when anything was. It only reads; a large cloud takes minutes and says how far it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for whom."""
        parser.add_argument("action", choices=("verify",), help="verify: walk all journals")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Walk, report, and fail when something is wrong."""
        done = verify_all(say=lambda text: self.stderr.write(text))
        if options["json"]:
            self.stdout.write(json.dumps(done.as_json()))
        else:
            self._tell(done)
        if done.faults:
            sys.exit(1)

    def _tell(self, done: Audit) -> None:
        for fault in done.faults:
            self.stdout.write(f"{fault.kind}: journal {fault.device_id}/{fault.epoch}: {fault.words}.")
        found = f"{len(done.faults)} faults" if done.faults else "nothing was touched"
        self.stdout.write(f"{done.facts} facts in {done.journals} journals, {done.heads} signed heads: {found}.")
