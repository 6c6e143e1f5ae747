"""`manage.py restored`: what a cloud must do after its database was put back to an earlier copy."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.journal.services import begin_cloud_epoch, restart_streams


class Command(BaseCommand):
    """Let every kiosk find out what differs from what it has."""

    help = (
        "Run this once on the cloud after its database was restored from a copy, before its web server starts. "
        "Kiosks then compare what they have with what is here, fetch only what differs, and send again by themselves "
        "the facts that the copy does not have. On a kiosk there is nothing to run: it notices when it starts."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Give every stream a new epoch, and the cloud's own journal, which its kiosks know to have been longer."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("This is a kiosk. It notices by itself when it starts; nothing was done.")
        begin_cloud_epoch()
        self.stdout.write(f"{restart_streams()} streams are compared with what each kiosk has at its next contact.")
