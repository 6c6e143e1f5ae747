"""What time it is for whoever decides about rights: a floor that nobody can turn back, or push far ahead, on this box.

The wall clock of a kiosk is wrong sooner or later, by accident or by hand. The cloud's signed time and the seconds
since then are not: together they are the *reference*. Authority goes by the wall only where that lies between the
reference and five minutes after it. So a clock set back brings nothing to life again, one that stands still lets
everything expire, and one set forward by years ends nothing early.

It governs rights only: grants, tokens, seats, leases. Receipts, business days and dated prices go by the wall, unless
that is behind the reference (`shop_now`). The cloud, and a box that has never met it, have nothing but their wall.

Seconds stop counting while a box is off. The first look after a start takes the wall's word for how long that was, as
long as it is plausible: a box that was off for a week knows that its grant is over. Who turns that clock back before
switching on wins what a longer outage would give, within the ceilings of the grant.
"""

import fcntl
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from edgeshop.kernel import clock
from edgeshop.vault.services.durable_file import write_durably

log = logging.getLogger(__name__)
FILE = "clock.floor"
AHEAD_S_MAX = 300  # how far the wall may lead: more would let its owner end things early, less would trust no quartz
OFF_S_MAX = 400 * 86_400  # a box off for longer comes back through an enrolment, and its wall through a repair
KEEP_EVERY_S = 180  # what a cut of power may take from the reference, against the wear of a flash disk
_SAME_S = 1.0  # a contact that says what we knew is not worth a write


@dataclass(frozen=True, slots=True)
class Anchor:
    """It was `ref_s` at least when boot `boot` had run for `boot_s`, and rights were judged at `high_s` before.

    Units: unix seconds; seconds since boot. `chip_s` is the chip's own clock then, where there is one.
    """

    boot: str
    boot_s: float
    ref_s: float
    high_s: float
    chip_s: float | None = None

    def reference_s(self) -> float:
        """The signed time and the seconds since; in another boot as it was kept."""
        if self.boot != clock.boot_id():
            return self.ref_s
        return self.ref_s + max(0.0, clock.boot_s() - self.boot_s)

    def floor_s(self, wall_s: float) -> float:
        """The wall within its bounds, and never before what was judged by already."""
        reference = self.reference_s()
        return max(min(max(wall_s, reference), reference + AHEAD_S_MAX), self.high_s)


ChipClock = Callable[[], float | None]
_chip_clock: ChipClock | None = None
_seen: dict[Path, tuple[tuple[int, int], Anchor | None]] = {}


def bind_chip_clock(read: ChipClock | None) -> None:
    """Say how to read a chip's clock: seconds that go on while this machine restarts; None when it cannot be read.

    Asked at each write only, for a chip takes its time. None in its place for a box without one.
    """
    global _chip_clock
    _chip_clock = read


def authority_s() -> float:
    """Unix seconds to judge rights by. Never waits for a network; writes its file every few minutes."""
    wall, anchor = clock.timestamp(), _anchor()
    return wall if anchor is None else anchor.floor_s(wall)


def authority_now() -> datetime:
    """The same as aware UTC."""
    return datetime.fromtimestamp(authority_s(), UTC)


def shop_now() -> datetime:
    """The time to stamp a receipt with: the wall's, unless we know that it is later than that."""
    wall, anchor = clock.timestamp(), _anchor()
    return datetime.fromtimestamp(wall if anchor is None else max(wall, anchor.reference_s()), UTC)


def wall_is_off_by_s() -> float:
    """How far the wall is behind (negative) or ahead of what we know; zero while it may be right."""
    wall, anchor = clock.timestamp(), _anchor()
    if anchor is None:
        return 0.0
    off_s = wall - anchor.reference_s()
    return off_s if abs(off_s) > AHEAD_S_MAX else 0.0


def note_cloud_time(now_s: float, *, boot_s: float) -> None:
    """Take the cloud's signed time, from an answer to a request of ours that left at `boot_s`.

    Counted from there, an answer that somebody held up on its way can only make things expire, never keep them alive.
    Only this word may take the floor back: it heals what a wrong wall has done. Effect: the file, written durably.
    """
    if settings.EDGESHOP.is_ledger:
        return
    fresh = Anchor(clock.boot_id(), boot_s, now_s, now_s)
    known = _read(_file())
    if known is not None and not _is_old(known) and _is_same(known, fresh):
        return
    with _alone():
        _write(replace(fresh, chip_s=_chip_s()))


def _is_same(known: Anchor, fresh: Anchor) -> bool:
    return abs(known.reference_s() - fresh.reference_s()) < _SAME_S and known.high_s <= fresh.reference_s()


def _file() -> Path:
    return Path(settings.EDGESHOP.state_dir) / FILE


def _anchor() -> Anchor | None:
    """What is known, kept up to date; a disk that takes no more writes stops no sale."""
    if settings.EDGESHOP.is_ledger:
        return None
    known = _read(_file())
    if known is None or not _is_old(known):
        return known
    try:
        with _alone():
            known = _read(_file()) or known
            return _write(_moved_on(known)) if _is_old(known) else known
    except OSError as error:
        log.warning("the time cannot be kept: %s", error)
        return _moved_on(known)


def _is_old(anchor: Anchor) -> bool:
    return anchor.boot != clock.boot_id() or clock.boot_s() - anchor.boot_s >= KEEP_EVERY_S


def _moved_on(anchor: Anchor) -> Anchor:
    """The same knowledge as of now: one more step of this boot, or the first look after a start."""
    wall, boot, boot_s, chip_s = clock.timestamp(), clock.boot_id(), clock.boot_s(), _chip_s()
    if anchor.boot == boot:
        return Anchor(boot, boot_s, anchor.reference_s(), anchor.floor_s(wall), chip_s)
    reference = anchor.ref_s + boot_s  # it was on for that long at least
    if chip_s is not None and anchor.chip_s is not None:
        reference = max(reference, anchor.ref_s + chip_s - anchor.chip_s)
    if 0 < wall - reference <= OFF_S_MAX:
        reference = wall
    return Anchor(boot, boot_s, reference, max(reference, anchor.high_s), chip_s)


def _chip_s() -> float | None:
    return None if _chip_clock is None else _chip_clock()


def _read(path: Path) -> Anchor | None:
    """The anchor in the file, parsed once for each version of it; None before the first contact."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    version = (found.st_mtime_ns, found.st_ino)
    if path not in _seen or _seen[path][0] != version:
        _seen[path] = version, _parsed(path)
    return _seen[path][1]


def _parsed(path: Path) -> Anchor | None:
    try:
        said = json.loads(path.read_bytes())
        boot_s, ref_s, high_s = (float(said[name]) for name in ("boot_s", "ref_s", "high_s"))
        chip_s = said.get("chip_s")
        return Anchor(str(said["boot"]), boot_s, ref_s, high_s, None if chip_s is None else float(chip_s))
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("the kept time cannot be read: going by the wall until the next contact")
        return None


def _write(anchor: Anchor) -> Anchor:
    write_durably(_file(), json.dumps(asdict(anchor)).encode())
    return anchor


@contextmanager
def _alone() -> Iterator[None]:
    """Web server and workers ask at the same time; one of them writes."""
    with _file().with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
