"""How much a kiosk's keys are worth. By itself a level only ever falls; a person raises it, with the chip in view."""

import logging

from edgeshop.fleet.errors import NoChip
from edgeshop.fleet.models import Kiosk

log = logging.getLogger(__name__)
IN_A_CHIP = 2
CHECKED_CHIP = 3
WORDS = {
    0: "keys in memory only",
    1: "keys in an encrypted file",
    2: "keys in a chip, taken at its word",
    3: "keys in a chip whose certificate was checked",
}


def claimed(level: int) -> int:
    """The level that a box gets for what it says of itself: a chip is believed, a checked one is not."""
    return max(0, min(level, IN_A_CHIP))


def lower_level(kiosk_id: int, *, told: int) -> int:
    """The kiosk's level after it has said what its keystore is; lower when the chip is gone, never higher."""
    known = Kiosk.objects.values_list("trust_level", flat=True).get(pk=kiosk_id)
    if told >= min(known, IN_A_CHIP):  # no keystore can say of itself that it was checked
        return known
    log.warning("kiosk %s has lost its level: %s before, %s now", kiosk_id, known, told)
    Kiosk.objects.filter(pk=kiosk_id, trust_level__gt=told).update(trust_level=max(0, told))
    return max(0, told)


def note_checked_chip(kiosk_id: int) -> None:
    """Somebody has checked the certificate that the chip's maker gave it. Raises: NoChip without a chip."""
    if not Kiosk.objects.filter(pk=kiosk_id, trust_level=IN_A_CHIP).update(trust_level=CHECKED_CHIP):
        raise NoChip("This kiosk's keys are not in a chip, or have been checked.", kiosk_id=kiosk_id)
