"""The journal's last word, kept outside the database: a restored or swapped database is noticed at boot.

The file may lag behind the database by the last commits (a crash between the two), never the other way round.
"""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from edgeshop.journal.models import Chain, Record


@dataclass(frozen=True, slots=True)
class Head:
    """Whose journal it is, and the epoch, number and chain value [32] of its last fact."""

    device_id: int
    epoch: int
    seq: int
    chain: bytes

    def is_after(self, other: "Head") -> bool:
        """Whether this is the later word of the same device."""
        return self.device_id == other.device_id and (self.epoch, self.seq) > (other.epoch, other.seq)


def path() -> Path:
    """Where the file is; it is left out of backups on purpose."""
    return Path(settings.EDGESHOP.state_dir) / "journal.head"


def write(head: Head) -> None:
    """Replace the file, durably: written beside, flushed to the disk, renamed. Older news never replaces newer."""
    known = read()
    if known is not None and known.is_after(head):
        return
    target = path()
    beside = target.with_name(f"{target.name}.{threading.get_native_id()}")
    with beside.open("w", encoding="ascii") as file:
        json.dump(asdict(head) | {"chain": head.chain.hex()}, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def read() -> Head | None:
    """What the file says; None when it is missing or torn."""
    try:
        said = json.loads(path().read_text(encoding="ascii"))
        return Head(said["device_id"], said["epoch"], said["seq"], bytes.fromhex(said["chain"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def is_stale() -> bool:
    """Whether the database is older than this device's last word, or another device's: a restored or swapped disk.

    A database without facts is a new device, not an old one.
    """
    own = Chain.objects.filter(is_own=True).order_by("-epoch").first()
    if own is None:
        return False
    head = read()
    if head is None:
        return own.seq > 0
    if (head.device_id, head.epoch) != (own.device_id, own.epoch):
        return head.device_id != own.device_id or head.epoch > own.epoch
    if head.seq == 0:
        return False
    found = Record.objects.filter(device_id=own.device_id, epoch=head.epoch, seq=head.seq).first()
    return found is None or bytes(found.chain) != head.chain
