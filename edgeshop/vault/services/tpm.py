"""What a TPM can count that a disk cannot: a number that only rises, and a clock that nobody sets.

Asked through tpm2-tools, one short process per question: a chip takes tens of milliseconds and wears with each advance,
so whoever uses the counter advances it rarely.

Source: TPM 2.0 Library, part 1, sections 36 (timing) and 37.2 (NV counters); tpm2_nvdefine(1), tpm2_readclock(1).
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from edgeshop.vault.errors import HardwareUnusable

INDEX = "0x1500E5A"  # in the range for owners' use; one counter per chip is ours
ATTRIBUTES = "ownerread|ownerwrite|authread|authwrite|nt=counter"
PATIENCE_S = 10
NOT_DEFINED = ("0x18b", "0x28b", "handle is not correct", "0x14a", "before being initialized")


class MonotoneCounter(Protocol):
    """A number outside the disk. Raises, everywhere: HardwareUnusable."""

    def value(self) -> int:
        """The number now; 0 when this chip has never counted for us."""

    def advance(self) -> int:
        """One more, for ever; answers the new number. The first one may be any, for chips do not count backwards."""


@dataclass(frozen=True, slots=True)
class ChipClock:
    """A TPM's clock. Units: milliseconds powered on, ever, and since the last start. `is_safe`: it has not gone back.

    `resets` counts power-ons; the clock stands still while the chip has no power.
    """

    clock_ms: int
    time_ms: int
    resets: int
    restarts: int
    is_safe: bool


class Tpm:
    """A TPM by its TCTI, such as `device:/dev/tpmrm0`."""

    def __init__(self, tcti: str) -> None:
        self._tcti = tcti

    def value(self) -> int:
        try:
            return int.from_bytes(self._ask("tpm2_nvread", "-C", "o", INDEX), "big")
        except HardwareUnusable as refusal:
            if any(sign in str(refusal) for sign in NOT_DEFINED):
                return 0
            raise

    def advance(self) -> int:
        if self.value() == 0:
            self._define()
        self._ask("tpm2_nvincrement", "-C", "o", INDEX)
        return self.value()

    def _define(self) -> None:
        try:
            self._ask("tpm2_nvdefine", INDEX, "-C", "o", "-s", "8", "-a", ATTRIBUTES)
        except HardwareUnusable as refusal:
            if "0x14c" not in str(refusal) and "already defined" not in str(refusal):  # defined, never advanced
                raise

    def clock(self) -> ChipClock:
        """The chip's clock. Raises: HardwareUnusable."""
        said = self._ask("tpm2_readclock").decode("ascii", "replace")
        found = dict(re.findall(r"(\w+): (\w+)", said))
        try:
            return ChipClock(
                clock_ms=int(found["clock"]),
                time_ms=int(found["time"]),
                resets=int(found["reset_count"]),
                restarts=int(found["restart_count"]),
                is_safe=found["safe"] == "yes",
            )
        except (KeyError, ValueError):
            raise HardwareUnusable("The TPM's clock makes no sense.", why=said[:80]) from None

    def _ask(self, tool: str, *arguments: str) -> bytes:
        program = shutil.which(tool)
        if program is None:
            raise HardwareUnusable("tpm2-tools are not installed.", why=tool)
        # What other programs are told about TPMs in this environment is not ours to follow.
        env = {"PATH": os.environ.get("PATH", ""), "TPM2TOOLS_TCTI": self._tcti, "TSS2_LOG": "all+error"}
        try:
            done = subprocess.run(  # noqa: S603 -- our own arguments, no shell
                [program, *arguments], env=env, capture_output=True, timeout=PATIENCE_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise HardwareUnusable("The TPM does not answer.", why=tool) from None
        if done.returncode != 0:
            raise HardwareUnusable("The TPM refuses.", why=done.stderr.decode("utf-8", "replace")[-400:])
        return done.stdout


def counter() -> MonotoneCounter | None:
    """This node's counter; None on a machine without a TPM."""
    tcti = settings.EDGESHOP.vault.tpm
    return Tpm(tcti) if tcti else None


def chip_s() -> float | None:
    """The chip's clock in seconds; None without a chip, or when its clock cannot be believed."""
    tcti = settings.EDGESHOP.vault.tpm
    try:
        said = Tpm(tcti).clock() if tcti else None
    except HardwareUnusable:
        return None
    return said.clock_ms / 1000 if said and said.is_safe else None
