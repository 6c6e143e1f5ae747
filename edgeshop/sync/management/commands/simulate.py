"""`manage.py simulate`: a fleet's month under every schedule, against the bound that none can beat."""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.sync.simulate.fleet_file import read_fleet
from edgeshop.sync.simulate.picture import picture
from edgeshop.sync.simulate.report import QUICK, Found, Scale, as_json, report_on, simulate
from edgeshop.sync.simulate.words import egress_table, frontier_table

_FLEET = Path("deploy/fleet.toml")
_SEED = 20261128


class Command(BaseCommand):
    """Simulate a fleet."""

    requires_system_checks = ()
    help = (
        "Play a fleet's month under decision tables, fixed cadences, hand-tuned and optimal polling; print what each "
        "costs and hurts against a lower bound that no schedule can beat, the egress to expect, and months under the "
        "cap. Needs no database and changes nothing. Takes about two minutes; --quick takes seconds and says less. "
        "Exit status 0 when every goal holds, 1 when one is missed or the fleet file is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to simulate and where to write it."""
        parser.add_argument("--fleet", type=Path, default=_FLEET, help=f"the fleet file (default {_FLEET})")
        parser.add_argument("--days", type=int, default=30, help="days that count, 3 or more; a week comes before")
        parser.add_argument("--seeds", type=int, help=f"histories that policies live through (default {Scale().seeds})")
        parser.add_argument("--seed", type=int, default=_SEED, help="the first of them")
        parser.add_argument("--nodes", type=int, help="another number of nodes than the file's; the cap goes with it")
        parser.add_argument("--quick", action="store_true", help="few prices and seeds, nothing timed")
        parser.add_argument("--json", type=Path, help="write the report there")
        parser.add_argument("--html", type=Path, help="draw the report there, as one page without outside parts")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Simulate, print, write."""
        self._began_s = time.monotonic()
        try:
            fleet = read_fleet(options["fleet"])
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        if options["days"] < 3 or (options["nodes"] or 1) < 1 or (options["seeds"] or 1) < 1:
            raise CommandError("Say --days 3 or more, --nodes and --seeds 1 or more.")
        scale = replace(QUICK if options["quick"] else Scale(), days=options["days"])
        scale = replace(scale, seeds=options["seeds"] or scale.seeds)
        found = simulate(fleet.of_size(options["nodes"] or fleet.nodes), scale, options["seed"], self._say)
        self._tell(found, options)

    def _tell(self, found: Found, options: dict[str, Any]) -> None:
        report = report_on(found, options["seed"])
        report.details["wall_s"] = round(time.monotonic() - self._began_s, 1)
        self.stdout.write(frontier_table(found.frontier.points) + "\n\n")
        titles = {"MB per node-month": found.by_class, "by stream": found.by_stream, "by vector": found.by_vector}
        for title, bands in titles.items():
            if bands:
                self.stdout.write(egress_table(title, bands) + "\n\n")
        self.stdout.write(report.table())
        if options["json"]:
            data = json.loads(report.to_json())
            data["details"] |= as_json(found)
            options["json"].write_text(json.dumps(data, indent=1), encoding="utf-8")
        if options["html"]:
            options["html"].write_text(picture(found, report), encoding="utf-8")
        if not report.holds:
            sys.exit(1)

    def _say(self, text: str) -> None:
        self.stderr.write(f"{time.monotonic() - self._began_s:6.1f} s  {text}")
