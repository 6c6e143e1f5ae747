"""Who goes first: the same kiosks for the same rollout, whoever asks, and other ones for the next rollout."""

import hashlib
import math
from collections.abc import Iterable

from edgeshop.fleet.models import Kiosk, Rollout

STAGES_PCT = (1, 10, 50, 100)
COHORT_MIN = 6  # one kiosk in a hundred and twenty shows nothing; six show a doubled failure rate in days
_PLACES = 2**32


def place_of(rollout_id: int, kiosk_id: int) -> int:
    """A kiosk's place in the queue of a rollout, 0 to 2³² - 1, as good as drawn by lot."""
    digest = hashlib.sha256(f"{rollout_id}/{kiosk_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def threshold_for(rollout_id: int, kiosk_ids: Iterable[int], stage: int) -> int:
    """The place below which kiosks are in a stage's cohort: its share, and at least six or half of a small fleet."""
    if STAGES_PCT[stage] == 100:
        return _PLACES
    places = sorted(place_of(rollout_id, kiosk_id) for kiosk_id in kiosk_ids)
    least = min(COHORT_MIN, math.ceil(len(places) / 2))
    share = _PLACES * STAGES_PCT[stage] // 100
    return max(share, places[least - 1] + 1) if least else share


def is_in_cohort(rollout: Rollout, kiosk_id: int) -> bool:
    """Whether a kiosk gets the new version at this stage. Who is in stays in: thresholds only rise."""
    return place_of(rollout.pk, kiosk_id) < rollout.threshold


def fleet_ids() -> list[int]:
    """The kiosks that a rollout is about: enrolled, and believed."""
    enrolled = Kiosk.objects.filter(enrolled_at__isnull=False, revoked_at__isnull=True, is_self=False)
    return list(enrolled.order_by("pk").values_list("pk", flat=True))
