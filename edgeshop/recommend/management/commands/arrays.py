"""`manage.py arrays`: send new vectors of products, or new weights of a model, to the kiosks in few bytes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from edgeshop.kernel.errors import EdgeShopError
from edgeshop.recommend.services.arrays import NAMES, gates
from edgeshop.recommend.services.arrays.publishing import Plan, plan, publish


class Command(BaseCommand):
    """Arguments in, the forms that were tried and the one that was taken out."""

    help = (
        "Publish new vectors or weights: float32 arrays in a file of `numpy.savez`; vectors are an array `vectors` "
        "[n, d] with `ids` [n], int32 product ids, ascending. Kiosks with an earlier version fetch the smallest delta "
        "that is good enough: vectors keep the ten nearest of each product, weights keep what --measure says. What "
        "the delta arrives at is signed as the whole file, too. Run it on the cloud."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, from where, and how good it must stay."""
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("file", type=Path)
        parser.add_argument("--measure", help="package.function that says how good arrays, given by name, are")
        parser.add_argument(
            "--lost-max",
            type=float,
            help="how much of the measure rounding may cost; 0.01 for vectors (recall of 0.99), else 0.001",
        )
        parser.add_argument("--dry-run", action="store_true", help="try and report, but publish nothing")

    def handle(self, *_args: Any, name: str, file: Path, **options: Any) -> None:
        """Try the forms, say what they cost, publish."""
        if not settings.EDGESHOP.is_ledger:
            raise CommandError("A kiosk gets its arrays from the cloud; publish there.")
        self.stdout.write("Trying what each form of a delta costs and is worth …")
        self.stdout.flush()
        try:
            found = plan(name, file.read_bytes(), _gate(name, options["measure"], options["lost_max"]))
            self._report(found)
            version = None if options["dry_run"] else publish(found)
        except EdgeShopError as error:
            raise CommandError(f"{error.code}: {error.message} {error.fields or ''}".rstrip()) from error
        except (OSError, ImportError) as error:
            raise CommandError(str(error)) from error
        if version is not None:
            self.stdout.write(f"{name} are published, targets version {version}.")

    def _report(self, found: Plan) -> None:
        for each in found.candidates:
            quality = "" if each.quality is None else f"  quality {each.quality:.4f}"
            self.stdout.write(f"{each.form:10}  {each.size_bytes:10,} bytes{quality}")
        self.stdout.write(f"The whole file has {len(found.data):,} bytes. What travels: {found.form}.")


def _gate(name: str, measure: str | None, lost_max: float | None) -> gates.GateOf:
    lost = gates.LOST_MAX.get(name, gates.LOST_MAX_OTHERWISE) if lost_max is None else lost_max
    if measure is not None:
        return gates.keeps(import_string(measure), lost)
    if name != gates.VECTORS:
        raise CommandError("Say by --measure what these arrays are good for.")
    return gates.keeps_neighbours(lost)
