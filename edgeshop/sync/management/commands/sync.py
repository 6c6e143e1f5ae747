"""`manage.py sync`: the exchange without a broker."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from edgeshop.fleet.services import CloudClient
from edgeshop.journal.services import diverged, verify_streams
from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.errors import Diverged
from edgeshop.sync.services import Report, fetch_artefacts, fetch_bundles, fetch_pictures, first_sync, synchronise
from edgeshop.sync.services.first import worded
from edgeshop.sync.services.telling import Telling
from edgeshop.sync.services.turn import turn


class Command(BaseCommand):
    """Send what waits and fetch what is new, now, in this process."""

    help = (
        "Send everything the cloud has not acknowledged and fetch what is new, without a broker or a worker. "
        "Safe to run at any time; beside a running worker it waits for its turn. What takes longer than two seconds "
        "says how far it is. "
        "Exit status 0 when the exchange is complete, 1 when the cloud could not be reached or refused a part; "
        "nothing is lost either way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--verify`."""
        parser.add_argument(
            "--verify",
            action="store_true",
            help="First look at every row that streams have brought, not only at what was noted of them: what is not "
            "as the cloud's is mended in this exchange. A kiosk does this by itself once a day.",
        )

    def handle(self, *_args: Any, verify: bool = False, **_options: Any) -> None:
        """Run one exchange and say what moved."""
        client = CloudClient()
        try:
            with turn(wait=True):
                if verify:
                    self._verify()
                report = synchronise(client, self._contacts())
                fetch_bundles(client, Telling(self._say, _how_far))
                artefacts = fetch_artefacts(force=True)
                pictures = fetch_pictures(client)
            if verify and (streams := diverged()):
                raise Diverged("Repairs did not help; somebody must look.", streams=streams)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message} {error.fields}") from error
        self.stdout.write(
            f"{report.contacts} contacts, {report.acknowledged} facts acknowledged, "
            f"{pictures} pictures fetched, streams: {', '.join(sorted(report.streams)) or 'nothing new'}, "
            f"artefacts: {', '.join(artefacts) or 'nothing new'}"
        )
        if (at := first_sync()) is not None:
            self.stdout.write(f"first synchronisation: {worded(at)}")
        if report.failed:
            raise CommandError(f"not everything went through: {report.failed}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _contacts(self) -> Callable[[Report], None]:
        so_far = Report()
        telling = Telling(self._say, lambda: f"{so_far.contacts} contacts, {so_far.acknowledged} facts acknowledged")

        def heard(report: Report) -> None:
            so_far.contacts, so_far.acknowledged = report.contacts, report.acknowledged
            telling()

        return heard

    def _verify(self) -> None:
        for stream, odd in verify_streams().items():
            self.stdout.write(f"{stream}: {odd} rows were not as they had been noted")


def _how_far() -> str:
    at = first_sync()
    return worded(at) if at else "everything has come"
