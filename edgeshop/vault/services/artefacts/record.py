"""What a kiosk remembers of its artefacts: what it verified last and runs, and when it last heard that this is current.

The record is for people and for sparing work; nothing that runs waits for it.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from edgeshop.vault.services.durable_file import make_folder, write_durably
from edgeshop.vault.services.trusted_clock import authority_s

State = Literal["none", "current", "expired", "refused"]
ROOT = "root.json"
_FILE = "record.json"


@dataclass(frozen=True, slots=True)
class Record:
    """Units: unix seconds. `verified`: by name, the path, sha256 and targets version of what was taken last.

    `problem` is the code of what went wrong at the last try, empty when nothing did.
    """

    tried_s: float = 0.0
    checked_s: float = 0.0
    good_until_s: float = 0.0
    problem: str = ""
    verified: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How this kiosk stands: `expired` and `refused` run on what was verified before. `names` are verified."""

    state: State
    checked_age_s: float | None
    names: list[str]


def trusted_home() -> Path:
    """Where a kiosk keeps what it trusts and what it remembers of it."""
    return Path(settings.EDGESHOP.state_dir) / "trusted"


def has_root(home: Path) -> bool:
    """Whether this kiosk has been told whom to believe."""
    return (home / ROOT).exists()


def trust(home: Path, root: bytes) -> None:
    """Believe this root from now on. The first one stays: later ones must be signed by the keys of the one before."""
    if not has_root(home):
        make_folder(home)
        write_durably(home / ROOT, root)


def read_record(home: Path) -> Record:
    """The record; an empty one where there is none, or none that can be read."""
    try:
        return Record(**json.loads((home / _FILE).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return Record()


def write_record(home: Path, record: Record) -> None:
    """Remember."""
    make_folder(home)
    write_durably(home / _FILE, json.dumps(asdict(record)).encode())


def note_verified(home: Path, name: str, **what: Any) -> None:
    """Remember what was verified and taken."""
    record = read_record(home)
    write_record(home, replace(record, verified=record.verified | {name: what}))


def standing(*, now_s: float | None = None) -> Standing:
    """What health and the admin's first page say; reads one small file."""
    record, now = read_record(trusted_home()), authority_s() if now_s is None else now_s
    names = sorted(record.verified)
    if not record.checked_s:
        return Standing("refused" if _is_refused(record) else "none", None, names)
    state: State = "refused" if _is_refused(record) else "expired" if now > record.good_until_s else "current"
    return Standing(state, max(0.0, now - record.checked_s), names)


def _is_refused(record: Record) -> bool:
    """Something answered and was not believed; that nothing answered is a normal day."""
    return record.problem in {"vault.artefact_refused", "vault.clock_behind"}
