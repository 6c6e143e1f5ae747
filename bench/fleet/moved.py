"""What a simulated kiosk has moved, by day, stream and grade, as the section `egress` tells it.

Real: names and shape of the rows, the days that are told, how a message's bytes are shared among its parts. Left out:
the hours, since a run is over in minutes: an hour ends with each outage. Days before the run are drawn by lot.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from edgeshop.fleet.classes import GRADES
from edgeshop.sync.services.egress.account import CONTACT, Account, shares
from edgeshop.sync.services.names import EGRESS

GRADE = "B"
MONTH_DAYS = 30  # before today, as at a month's end: the most that a kiosk tells
_USUAL = ("contact", "facts", "upkeep", "artefacts", "pictures", "catalogue", "prices", "stock")
_DAY_BYTES_MAX = 2_000_000  # of one stream and way
Rows = list[list[Any]]


@dataclass(slots=True)
class Ledger:
    """One kiosk's. `told` is what it tells, by day: what was counted until the last hour that is over."""

    rng: random.Random
    told: dict[str, Rows] = field(default_factory=dict)
    _account: Account = field(default_factory=Account)

    def count(self, *, up: Mapping[str, int], up_bytes: int, down: Mapping[str, int], down_bytes: int) -> None:
        """One exchange: what travelled, shared by the sizes of its parts; headers are the contact's."""
        for stream, moved in _split(up_bytes, up).items():
            self._account.add(stream, GRADE, up=moved)
        for stream, moved in _split(down_bytes, down).items():
            self._account.add(stream, GRADE, down=moved)

    def live_a_month(self) -> None:
        """The days before today."""
        for back in range(1, MONTH_DAYS + 1):
            counts = [[self.rng.randrange(_DAY_BYTES_MAX) for _way in range(2)] for _stream in _USUAL]
            self.told[_day(back)] = [_row(stream, *each) for stream, each in zip(_USUAL, counts, strict=True)]

    def end_hour(self) -> None:
        """What was counted until now is told from now on."""
        flows = sorted(self._account.flows.items())
        rows = [_row(stream, flow.up_bytes, flow.down_bytes) for (stream, _), flow in flows]
        if rows:
            self.told[_day(0)] = rows


def _split(moved: int, sizes: Mapping[str, int]) -> dict[str, int]:
    return shares(moved, {CONTACT: max(1, moved - sum(sizes.values())), **sizes})


def _row(stream: str, up: int, down: int) -> list[Any]:
    named = EGRESS.index(stream) if stream in EGRESS else stream
    return [named, GRADES.index(GRADE), up, down, 0]  # no tariff, so no cost


def _day(back: int) -> str:
    return (datetime.now(UTC) - timedelta(days=back)).date().isoformat()
