"""On the kiosk: bundles are fetched in their order, go on where they stopped, and are taken as soon as they are
whole.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from edgeshop.fleet.errors import CloudRefused, CloudUnreachable
from edgeshop.fleet.queries import this_kiosk_id
from edgeshop.fleet.services import CloudClient
from edgeshop.journal.registry import source_of
from edgeshop.journal.services import apply_page, judge, note_rows
from edgeshop.kernel import events
from edgeshop.sync.models import Download
from edgeshop.sync.services.bundle_files import folder
from edgeshop.sync.services.bundles import CORE, unpack_bundle
from edgeshop.sync.services.egress.account import BUNDLES
from edgeshop.sync.services.egress.ledger import noted
from edgeshop.sync.services.feed import unpack_page

log = logging.getLogger(__name__)
PATH = "/bundles/"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a new kiosk is. Units: bytes, of all files it began with. `groups` that are still to come, in order."""

    got: int
    size: int
    groups: tuple[str, ...]


def ask_bundles() -> list[str] | None:
    """In a contact: the files we are at. The cloud offers others only when it does not have one of these any more."""
    return [name[:16] for name in Download.objects.order_by("place").values_list("name", flat=True)] or None


@transaction.atomic
def take_bundles(told: list[list[Any]]) -> None:
    """What to fetch from now on; what else was under way is given up. Without `core` it takes the place of what is
    still to come: other groups are here already."""
    here = {row.group: row for row in Download.objects.all()}
    is_whole = any(group == CORE for group, _, _ in told)
    before = 0 if is_whole else max((row.before for row in here.values()), default=0)
    wanted = [(group, name, size) for group, name, size in told if is_whole or group in here]
    Download.objects.exclude(name__in=[name for _, name, _ in wanted]).delete()
    for place, (group, name, size) in enumerate(wanted):
        fields = {"group": group, "size": size, "place": place, "before": before}
        Download.objects.update_or_create(name=name, defaults=fields)


def lacks_core() -> bool:
    """Whether the file that selling needs is still to come."""
    return Download.objects.filter(group=CORE).exists()


def fetch_bundles(
    client: CloudClient, moved: Callable[[], None] = lambda: None, *, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Fetch and take what is wanted, in order; answers how many came. Stops when the link does, or at a file that the
    cloud does not have any more: the next contact brings its successor. Nothing is lost.

    `moved` is called whenever bytes have come, which is often. `goes_on` is asked before each file that selling does
    not need. Effect: what it cost is written down, also when it failed.
    """
    _forget_strays()
    came = 0
    for wanted in Download.objects.order_by("place"):
        if wanted.group != CORE and not goes_on():
            break
        try:
            with noted(BUNDLES):
                data = _fetch(client, wanted, moved)
        except (CloudUnreachable, CloudRefused) as error:
            log.info("bundles wait: %s (%s)", error.code, error.fields)
            break
        _take(wanted, data)
        came += 1
    return came


def _forget_strays() -> None:
    """Beginnings of files that are not wanted any more take up no room."""
    wanted = {f"{name}.part" for name in Download.objects.values_list("name", flat=True)}
    for partly in folder().glob("*.part"):
        if partly.name not in wanted:
            partly.unlink(missing_ok=True)


def progress() -> Progress | None:
    """How far the first synchronisation is; None when nothing is to come."""
    rows = list(Download.objects.order_by("place"))
    if not rows:
        return None
    before = max(row.before for row in rows)
    got, size = (before + sum(numbers) for numbers in (map(_got, rows), (row.size for row in rows)))
    return Progress(got, size, tuple(row.group for row in rows))


def _got(wanted: Download) -> int:
    try:
        return (folder() / f"{wanted.name}.part").stat().st_size
    except FileNotFoundError:  # not begun, or taken by now: another process fetches
        return 0


def _fetch(client: CloudClient, wanted: Download, moved: Callable[[], None]) -> bytes:
    """The bytes of a bundle, checked by its name. A part that is there is not fetched again.

    Raises: CloudUnreachable, CloudRefused. Effect: what came stays on the disk until it is taken.
    """
    partly = folder() / f"{wanted.name}.part"
    partly.parent.mkdir(parents=True, exist_ok=True)
    with partly.open("ab") as file:

        def write(data: bytes) -> None:
            file.write(data)
            moved()

        if file.tell() < wanted.size:
            client.download(PATH + wanted.name, start=file.tell(), size=wanted.size, write=write)
    data = partly.read_bytes()
    if hashlib.sha256(data).hexdigest() != wanted.name:
        partly.unlink()
        raise CloudUnreachable("Something else came in its place.", how="not_ours", bundle=wanted.name)
    return data


def _take(wanted: Download, data: bytes) -> None:
    """Rows, cursors and the end of the download stand or fall together."""
    kiosk_id, partly = this_kiosk_id(), folder() / f"{wanted.name}.part"
    with transaction.atomic():
        for said in unpack_bundle(data):
            page = unpack_page(said, kiosk_id=kiosk_id)
            source = source_of(page.stream)
            if wanted.group == CORE:
                apply_page(page)
            elif source is not None and source.fill is not None:
                source.fill(page.rows)
                note_rows(page.stream, [row["key"] for row in page.rows])
                judge(page.stream)
        wanted.delete()
        Download.objects.update(before=F("before") + wanted.size)
        transaction.on_commit(partial(events.publish, "bundle.taken", group=wanted.group))
    partly.unlink(missing_ok=True)
