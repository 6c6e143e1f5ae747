"""Which life of the disk this is: the chip counts them, so that a restored disk is noticed, its head file and all.

`journal.life` says how far the chip had counted when this disk last moved on: at each boot, each new epoch and after
every few facts. A copy of the disk remembers an older number than the chip. The file is written before the chip is
moved, so after a crash between the two it is one ahead, which is no sign of a copy. A copy that was made and put back
within the same few facts is for the cloud to notice.
"""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from edgeshop.journal.models import Chain
from edgeshop.vault.errors import HardwareUnusable
from edgeshop.vault.services.durable_file import alone_in, write_durably
from edgeshop.vault.services.tpm import MonotoneCounter, counter

log = logging.getLogger(__name__)
FACTS_PER_LIFE = 32  # a thousand sales a day for ten years are some 100,000 advances: what chips are built for
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_checked: set[Path] = set()  # by this process: a chip is asked at the start, and then only when it is to count on


@dataclass(frozen=True, slots=True)
class Life:
    """How far the chip had counted, in which boot of the machine, and how far the journal was."""

    counted: int
    boot: str
    epoch: int
    seq: int


def path() -> Path:
    """Where the file is; like the head file, it is left out of backups."""
    return Path(settings.EDGESHOP.state_dir) / "journal.life"


def keep_up() -> bool:
    """Whether this disk is the one the chip last counted with; moves both on when it is time.

    Without a chip there is nothing to keep up with. Nor with one that does not answer: the keys that are gone with it
    have lowered this kiosk already.
    """
    chip = counter()
    own = _own() if chip is not None else None
    if chip is None or own is None:
        return True
    with alone_in(path().parent):
        said = read()
        if said is not None and path() in _checked and not _is_time(said, own):
            return True
        try:
            return _compare(chip, said, own)
        except HardwareUnusable as problem:
            log.warning("the chip does not count: %s", problem)
            return True


def begin() -> None:
    """This disk is the right one, whatever the file said: the cloud has given a new epoch."""
    chip = counter()
    own = _own() if chip is not None else None
    if chip is None or own is None:
        return
    with alone_in(path().parent):
        try:
            _move_on(chip, chip.value(), own)
        except HardwareUnusable as problem:
            log.warning("the chip does not count: %s", problem)


def read() -> Life | None:
    """What the file says; None when it is missing or torn."""
    try:
        return Life(**json.loads(path().read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _own() -> Chain | None:
    return Chain.objects.filter(is_own=True).order_by("-epoch").first()


def _is_time(said: Life, own: Chain) -> bool:
    return (said.boot, said.epoch) != (_boot(), own.epoch) or own.seq - said.seq >= FACTS_PER_LIFE


def _compare(chip: MonotoneCounter, said: Life | None, own: Chain) -> bool:
    counted = chip.value()
    fits = counted == 0 if said is None else said.counted in {counted, counted + 1}
    if fits and (said is None or _is_time(said, own)):
        _move_on(chip, counted, own)
    if fits:
        _checked.add(path())
    return fits


def _move_on(chip: MonotoneCounter, counted: int, own: Chain) -> None:
    if counted:  # the first number of a chip is known only when it has counted
        _write(Life(counted + 1, _boot(), own.epoch, own.seq))
    now = chip.advance()
    if now != counted + 1 or not counted:
        _write(Life(now, _boot(), own.epoch, own.seq))


def _write(life: Life) -> None:
    write_durably(path(), json.dumps(asdict(life)).encode("ascii"))


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except FileNotFoundError:  # elsewhere than on Linux
        return ""
