"""`manage.py rollout`: bring a new version into the fleet stage by stage, see where that is, or stop it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from edgeshop.fleet.models import Rollout, RolloutState
from edgeshop.fleet.services.rollouts.cohorts import STAGES_PCT
from edgeshop.fleet.services.rollouts.judging import look_at, standing
from edgeshop.fleet.services.rollouts.moving import halt, promote, start_rollout
from edgeshop.kernel.errors import EdgeShopError

_WHO = "manage.py"


class Command(BaseCommand):
    """Start, show, promote or halt."""

    help = (
        "On the cloud: `start COMPONENT VERSION` gives a version to the first 1 % of the kiosks, six at least; beat "
        "promotes it to 10, 50 and 100 % while it does no harm, and halts it when it does. `status` shows what is "
        "running and what was; `halt ID` lets the cohort go back to the version before; `promote ID` goes on at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, with what."""
        actions = parser.add_subparsers(dest="action", required=True)
        start = actions.add_parser("start", help="begin with the first stage")
        start.add_argument("component", help="what is new: policy, or a component of another app")
        start.add_argument("version", type=int, help="the version that comes")
        actions.add_parser("status", help="show rollouts, newest first")
        for name, words in (("halt", "stop and go back"), ("promote", "go on to the next stage")):
            actions.add_parser(name, help=words).add_argument("rollout", type=int, help="the rollout's number")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, then show where things are."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("Rollouts are the cloud's.")
        try:
            self._do(options)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        for rollout in Rollout.objects.all()[:10]:
            self._show(rollout)

    def _do(self, options: dict[str, Any]) -> None:
        if options["action"] == "start":
            start_rollout(options["component"], options["version"], by=_WHO)
        elif options["action"] == "halt":
            halt(options["rollout"], why=f"by {_WHO}")
        elif options["action"] == "promote":
            promote(options["rollout"], why=f"by {_WHO}")

    def _show(self, rollout: Rollout) -> None:
        where = f"{rollout.pk:4} {rollout}: {rollout.state}"
        if rollout.state == RolloutState.RUNNING:
            now = standing(rollout, look_at(rollout))
            where += (
                f" at {STAGES_PCT[rollout.stage]} %, {now.cohort} of {now.cohort + now.control} kiosks, "
                f"{now.applied} have it, {now.rejected} refuse it"
            )
        self.stdout.write(f"{where} ({rollout.verdict})")
