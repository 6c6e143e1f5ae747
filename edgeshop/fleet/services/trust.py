"""What a kiosk's word is worth. It only ever falls by itself; a person's new enrolment raises it."""

import logging

from edgeshop.fleet.models import Kiosk

log = logging.getLogger(__name__)


def lower_trust(kiosk_id: int, level: object) -> None:
    """On the cloud: believe a kiosk no further than this level; anything else but a lower one changes nothing.

    Effect: the kiosk's next grant is by the lower level's limits.
    """
    if (
        type(level) is int
        and level >= 0
        and Kiosk.objects.filter(pk=kiosk_id, trust_level__gt=level).update(trust_level=level)
    ):
        log.warning("kiosk %d is without its chip: trust level %d", kiosk_id, level)
